import { join } from 'node:path'
import type { LeaseEntry, LeaseLog } from '../../../history/logs/lease.ts'
import type { MetricsEntry } from '../../../history/logs/metrics.ts'
import type { HistoryEvent } from '../../../history/operations.ts'
import { readEvidence, type SavedEvidence } from '../../../run-record/evidence/read-evidence.ts'
import type { ScenarioRecord } from '../../../run-record/run-record.ts'
import { root } from '../../../testing/sources.ts'
import { judgeScenario } from '../judge-scenario.ts'

/** A request of the simulated workload, and what becomes of it. */
export interface SimulatedRequest {
  readonly index: number
  readonly atMs: number
  readonly member: string
  readonly isWrite: boolean
  /** A read that a member serves without a leader, too. */
  readonly isSerializable: boolean
}

export interface SimulatedAnswer {
  readonly type: 'ok' | 'fail' | 'info'
  readonly tookMs: number
  readonly error?: string
  /** How long after it was due it was sent. */
  readonly lateMs?: number
}

export interface SimulatedDrill {
  readonly lengthMs: number
  readonly answer: (request: SimulatedRequest) => SimulatedAnswer
  /** Of lease requests, twenty a second; none by default. */
  readonly leaseAnswer?: (index: number) => SimulatedAnswer
  /** A fault on m1, in milliseconds; none by default. */
  readonly fault?: readonly [fromMs: number, toMs: number]
  /** When the steady state was proved; default at the beginning, and 100 ms after the fault. */
  readonly steadyMs?: readonly number[]
  readonly objectives?: SavedEvidence['plan']['objectives']
  readonly skippedMs?: readonly number[]
  /**
   * How long syncs of each disk take in all, in milliseconds a second, and all of them long; null without
   * any metrics. Default 0.
   */
  readonly syncMsPerS?: number | null
  /** Of how many reads one is serializable; none by default. */
  readonly serializableOf?: number
}

/** Writes and reads of three members' clients by turns, 300 a second as in `workloads.steady`. */
const everyMs = 1_000 / 300
const ms = 1e6

export const served: SimulatedAnswer = { type: 'ok', tookMs: 3 }
export const timedOut: SimulatedAnswer = {
  type: 'info',
  tookMs: 1_000,
  error: 'Put at m1: DEADLINE_EXCEEDED: Deadline exceeded after 1.000s',
}
export const refused: SimulatedAnswer = {
  type: 'fail',
  tookMs: 1,
  error: 'Put at m1: RESOURCE_EXHAUSTED: etcdserver: too many requests',
}

/** What the drill comes to. */
export const judge = async (drill: SimulatedDrill): Promise<ScenarioRecord> =>
  judgeScenario(await simulateDrill(drill))

export const within = ({ atMs }: SimulatedRequest, fromMs: number, toMs: number): boolean =>
  fromMs <= atMs && atMs < toMs

/** The evidence of a drill as `readEvidence` returns it, with the plan of a saved run. */
export async function simulateDrill(drill: SimulatedDrill): Promise<SavedEvidence> {
  const saved = await readEvidence(join(root, 'fixtures/runs/one-of-each/scenarios/saved/held'))
  const { fault, skippedMs = [], objectives = medians, syncMsPerS = 0 } = drill
  const steadyMs = drill.steadyMs ?? [0, ...(fault === undefined ? [] : [fault[1] + 100])]
  const events = [...requestsOf(drill), ...faultsOf(fault)]
  events.sort((one, other) => one.timeNs - other.timeNs)
  const workload = { sent: events.length / 2, skipped: skippedMs.length, peakOpen: 1 }
  return {
    plan: {
      ...saved.plan,
      plannedRatePerS: 300,
      requestTimeoutMs: 1_000,
      timeScale: 1,
      checkers: ['refusals'],
      skippedCheckers: {},
      objectives,
    },
    observations: {
      format: 'gauntlet-observations/1',
      durationMs: drill.lengthMs,
      failures: [],
      measures: {},
      lowerBounds: {},
      marks: steadyMs.map((at) => ({ kind: 'steady', timeNs: at * ms, text: 'steady' })),
      elections: 0,
      workload: {
        ...workload,
        worstLatenessMs: 0,
        skippedNs: skippedMs.map((at) => at * ms),
      },
    },
    input: {
      history: { header: { format: 'gauntlet-history/1', model: 'etcd' }, events },
      ...(drill.leaseAnswer !== undefined && { leases: leasesOf(drill, drill.leaseAnswer) }),
    },
    ...(syncMsPerS !== null && { metrics: metricsOf(drill.lengthMs, syncMsPerS) }),
    sha256: {},
    warnings: [],
  }
}

const from = 'five heartbeats'
const medians: SavedEvidence['plan']['objectives'] = [
  { measure: 'writeP50Ms', atMost: 500, from },
  { measure: 'readP50Ms', atMost: 500, from },
  { measure: 'memberWriteP50Ms', atMost: 500, from },
  { measure: 'memberReadP50Ms', atMost: 500, from },
  { measure: 'slowestKindP50Ms', atMost: 500, from },
  { measure: 'slowRequestsPercent', atMost: 2, from },
  { measure: 'silentPercent', atMost: 10, from },
  { measure: 'unhinderedP50Ms', atMost: 200, from },
]

/** A reading of each member a second, of a disk that syncs each 200 ms. */
function metricsOf(lengthMs: number, syncMsPerS: number): MetricsEntry[] {
  const name = 'etcd_disk_wal_fsync_duration_seconds'
  return Array.from({ length: Math.ceil(lengthMs / 1_000) + 1 }, (_, second) => {
    const syncs = 5 * second
    const bucket = (le: string, count: number) => ({ [`${name}_bucket{le="${le}"}`]: count })
    const changed = {
      [`${name}_sum`]: (syncMsPerS / 1_000) * second,
      [`${name}_count`]: syncs,
      ...bucket('0.064', syncMsPerS > 0 ? 0 : syncs),
      ...bucket('0.128', syncs),
      ...bucket('+Inf', syncs),
    }
    return ['m1', 'm2', 'm3'].map((member) => ({ timeNs: second * 1_000 * ms, member, changed }))
  }).flat()
}

function leasesOf(
  { lengthMs }: SimulatedDrill,
  answer: (index: number) => SimulatedAnswer,
): LeaseLog {
  const entries = Array.from({ length: lengthMs / 50 }, (_, index): LeaseEntry[] => {
    const { type, tookMs, error } = answer(index)
    const f = index % 4 === 0 ? 'grant' : 'keepalive'
    const common = { process: 100_000 + index, f, lease: `${index - (index % 4)}` } as const
    const timeNs = index * 50 * ms
    return [
      { type: 'invoke', ...common, member: `m${(index % 3) + 1}`, timeNs, ttlS: 60 },
      {
        type,
        ...common,
        timeNs: timeNs + tookMs * ms,
        ...(error === undefined ? { ttlS: 60 } : { error }),
      },
    ]
  }).flat()
  return { header: { format: 'gauntlet-lease/1', slackMs: 5_000 }, entries }
}

function requestsOf({ lengthMs, answer, serializableOf }: SimulatedDrill): HistoryEvent[] {
  return Array.from({ length: Math.floor(lengthMs / everyMs) }, (_, index) => {
    const isWrite = index % 2 === 0
    const isSerializable =
      !isWrite && serializableOf !== undefined && Math.floor(index / 6) % serializableOf === 0
    const member = `m${(index % 3) + 1}`
    const request = { index, atMs: index * everyMs, member, isWrite, isSerializable }
    const { type, tookMs, error, lateMs = 0 } = answer(request)
    const common = { process: index, f: isWrite ? 'put' : 'get', key: 'k' }
    const sentNs = Math.round((request.atMs + lateMs) * ms)
    return [
      {
        type: 'invoke',
        ...common,
        member: request.member,
        timeNs: sentNs,
        ...(isWrite && { value: `v${index}` }),
        ...(isSerializable && { serializable: true }),
        ...(lateMs > 0 && { lateNs: lateMs * ms }),
      },
      { type, ...common, timeNs: sentNs + tookMs * ms, ...(error !== undefined && { error }) },
    ] as HistoryEvent[]
  }).flat()
}

function faultsOf(fault: SimulatedDrill['fault']): HistoryEvent[] {
  if (fault === undefined) return []
  const [fromNs, toNs] = fault.map((at) => at * ms) as [number, number]
  const common = { type: 'fault', name: 'kill', targets: ['m1'], effect: 'stops' } as const
  return [
    { ...common, phase: 'begin', timeNs: fromNs },
    { ...common, phase: 'end', timeNs: toNs },
  ]
}
