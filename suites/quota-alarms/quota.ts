import {
  type ClusterSpec,
  DeadlineError,
  type Drill,
  etcd,
  type Fault,
  GuaranteeBrokenError,
  type Member,
  type Scenario,
  withOptionsForVersion,
  workloads,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { fittingBytes, mebibyte, withoutAutoCompaction } from '../shared/etcd/limits.ts'
import { fillerPrefix } from './filler.ts'
import { recover } from './recovery.ts'

/** Small enough to fill within seconds, large enough for some hundred large writes. */
export const quotaBytes = 16 * mebibyte

const fillerKeys = 8
const largestFillerBytes = 256 * 1024
const patienceMs = 60_000

/** Shared by every scenario that fills a quota. */
export const quotaScenario = {
  workload: {
    ...workloads.steady,
    ratePerS: 200,
    mix: { put: 4, get: 5, 'serializable-get': 1 },
    programs: workloads.withoutDeletes,
  },
  foreignWrites: 'large values are written beside the workload to fill the quota',
} as const satisfies Partial<Scenario>

/**
 * Gives the user's cluster a quota that a drill can fill, and other options. What was written stays in
 * the database, unless they are about compaction.
 */
export function withQuota(
  bytes = quotaBytes,
  options: Readonly<Record<string, string>> = {},
): (spec: ClusterSpec) => ClusterSpec {
  return (spec) =>
    withOptionsForVersion(withoutAutoCompaction(spec), {
      'quota-backend-bytes': String(bytes),
      ...options,
    })
}

const fillerBytes = ({ cluster }: Drill) => fittingBytes(cluster.spec, largestFillerBytes)

/** Overwrites a few large keys until it has written that number of bytes; throws what a put throws. */
export async function write(drill: Drill, member: Member, bytes: number): Promise<void> {
  const valueBytes = fillerBytes(drill)
  const value = 'x'.repeat(valueBytes)
  for (let written = 0, count = 0; written < bytes; written += valueBytes, count++) {
    const key = `${fillerPrefix}${count % fillerKeys}`
    await etcd.put(drill.client(member), { key, value }, { timeoutMs: 10_000 })
  }
}

/**
 * Overwrites a few large keys until etcd rejects a put for lack of space; resolves to the bytes
 * written. Without a compaction every value stays in the database, so a cluster that acknowledges
 * more than `mostBytes` enforces no quota: then throws a GuaranteeBrokenError.
 */
export async function fillUntilRejected(
  drill: Drill,
  member: Member,
  mostBytes = 2 * quotaBytes,
): Promise<number> {
  const startedNs = drill.nowNs()
  const valueBytes = fillerBytes(drill)
  for (let written = 0; ; written += valueBytes) {
    if (written > mostBytes) {
      throw new GuaranteeBrokenError(
        `expected writes to be rejected for space once the quota of ${quotaBytes} bytes is full, observed ${written} bytes acknowledged and nothing compacted`,
        { expectation: 'full-quota-rejects-writes', written, quotaBytes },
      )
    }
    try {
      await write(drill, member, valueBytes)
    } catch (thrown) {
      if (isError(thrown, etcdErrors.spaceExceeded)) return written
      throw thrown
    }
    if (drill.nowNs() - startedNs > patienceMs * 1e6) {
      throw new DeadlineError(
        `Expected a full quota within ${patienceMs} ms, got ${written} bytes acknowledged`,
        { written },
      )
    }
  }
}

/** What a scenario that fills a quota declares. */
export const quotaFilling: Pick<Fault, 'name' | 'effect' | 'needs'> = {
  name: 'quota-filled',
  effect: 'degrades',
  needs: {},
}

/**
 * Writes through this member until the quota is full. Its undo is the recovery in the right order, so
 * that an interrupted drill leaves a cluster that serves.
 */
export function quotaFilled(drill: Drill, through: Member, mostBytes?: number): Fault {
  return {
    ...quotaFilling,
    description: 'writes until the space quota is full and the NOSPACE alarm is on',
    ...alarmRaised(drill, through),
    inject: async () => {
      const bytes = await fillUntilRejected(drill, through, mostBytes)
      drill.measure('filledBytes', bytes)
      return () => recover(drill)
    },
  }
}

/** The proof of a fault that fills the quota: an alarm is on. etcd raises it after the rejection. */
export function alarmRaised(drill: Drill, through: Member): Pick<Fault, 'isGradual' | 'probe'> {
  const countAlarms = async () => (await etcd.alarms(drill.client(through))).length
  return {
    isGradual: true,
    probe: async () => {
      const before = await countAlarms()
      return async () => {
        const now = await countAlarms()
        const measured = [{ at: through.name, what: 'alarms', before, now }]
        return { observed: now > before, expected: 'an alarm to be on', measured }
      }
    },
  }
}
