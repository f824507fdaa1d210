import type { Member } from '../../cluster/types.ts'
import { histogramOf } from '../../core/etcd/prometheus.ts'
import { compareReadings, type ProbeMembers } from '../compare-readings.ts'
import { FaultError } from '../define-fault.ts'
import { readSamples } from '../read-metrics.ts'

const metric = 'etcd_disk_wal_fsync_duration_seconds'
const leastCount = 3

/** All fsyncs of the write-ahead log in the life of one process. */
export interface Fsyncs {
  readonly startedAt: string
  readonly sumS: number
  readonly count: number
}

/** Compares the mean fsync since the fault with the one before it, by the member's own figures. */
export function probeFsync(leastMs: number): ProbeMembers {
  return compareReadings<Fsyncs>({
    expected: `an fsync to take at least ${round(leastMs)} ms, and twice as long as before`,
    what: 'mean fsync in ms',
    read: readFsyncs,
    isObserved: (before, now) => areSlower(leastMs, before, now),
    format: (now, before) => {
      const window = before === undefined ? now : fsyncsSince(before, now)
      return window.count === 0 ? null : round(meanMs(window))
    },
  })
}

/**
 * Whether the fsyncs since the former reading take at least `leastMs` and twice as long as those
 * before it. Few fsyncs on either side tell nothing.
 */
export function areSlower(leastMs: number, before: Fsyncs, now: Fsyncs): boolean {
  const window = fsyncsSince(before, now)
  if (before.count < leastCount || window.count < leastCount) return false
  return meanMs(window) >= Math.max(leastMs, 2 * meanMs(before))
}

/** A process that was started since counts from zero. */
function fsyncsSince(before: Fsyncs, now: Fsyncs): Fsyncs {
  if (now.startedAt !== before.startedAt) return now
  return { ...now, sumS: now.sumS - before.sumS, count: now.count - before.count }
}

/** Throws while its metrics cannot be read, such as while it starts. */
async function readFsyncs(member: Member): Promise<Fsyncs> {
  const { startedAt } = await member.process()
  const histogram = histogramOf(await readSamples(member), metric)
  if (histogram !== undefined) return { startedAt, sumS: histogram.sum, count: histogram.count }
  throw new FaultError(`Expected ${metric} in the metrics of ${member.name}, got none`)
}

const meanMs = ({ sumS, count }: Fsyncs) => (1_000 * sumS) / count
const round = (ms: number) => Math.round(10 * ms) / 10
