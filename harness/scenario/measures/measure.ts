import type { CheckInput, Verdict } from '../../checkers/checker.ts'
import type { Observations } from '../../run-record/evidence/observations.ts'
import type { Mark, OutageRecord, ServiceRow } from '../../run-record/run-record.ts'
import type { Measures } from '../../run-record/schema/measures.ts'
import type { Attempt } from './attempts.ts'
import type { Bounds } from './bounds.ts'
import { countElections } from './elections.ts'
import { measureLatency } from './latency.ts'
import { measureOtherMembers } from './other-members.ts'
import { marksOf, measureOutages } from './outages/measure-outages.ts'
import { tenths } from './outages/summarize-outages.ts'
import { measureServedRate } from './pace.ts'
import { measureRestarts } from './restarts.ts'
import type { ServedDrill } from './served-drill.ts'
import { measureService } from './service.ts'
import { measureSilence } from './silent-members.ts'
import { measureSlowRequests } from './slow-requests.ts'
import type { Timers } from './timers.ts'
import { measureUnhindered } from './unhindered.ts'
import { measureWatchLag } from './watch-lag.ts'
import { measureWatchStreams } from './watch-streams.ts'

export interface Measured {
  readonly measures: Measures
  /** The bounds of those measures that the evidence leaves open. */
  readonly bounds: Bounds
  readonly outages: readonly OutageRecord[]
  readonly service: readonly ServiceRow[]
  /** Where the outages begin and end on the scenario's timeline. */
  readonly marks: readonly Mark[]
}

/** What only the conductor saw. */
export type DrillObservations = Pick<
  Observations,
  'measures' | 'lowerBounds' | 'elections' | 'workload'
>

/** The numbers of a scenario's record. */
export function measure(
  { history, logs = {}, final, watches }: CheckInput,
  drill: ServedDrill,
  observations: DrillObservations,
  verdicts: readonly Verdict[],
): Measured {
  const { attempts, phases, timers } = drill
  const out = phases.firstFaultNs === undefined ? undefined : measureOutages(drill)
  const others = phases.firstFaultNs === undefined ? undefined : measureOtherMembers(drill)
  const restarts = measureRestarts(drill)
  const latency = measureLatency(drill)
  const silence = measureSilence(drill)
  const unhindered = measureUnhindered(drill)
  const slowRequestsPercent = measureSlowRequests(drill)
  const lag = watches === undefined ? undefined : measureWatchLag({ history, watches }, drill)
  const { elections, termsTried, lostVotes } = countElections(logs, drill.startedAtMs)
  const lastNs = history.events.at(-1)?.timeNs ?? 0
  const measures = {
    ...out?.measures,
    ...others?.measures,
    ...restarts.measures,
    acknowledgedLost: acknowledgedLost(final, verdicts),
    unknownOutcomes: attempts.filter(({ outcome }) => outcome === 'info').length,
    operations: attempts.length,
    elections,
    termsTried: termsTried ?? observations.elections,
    lostVotes,
    snapshotsInstalled: snapshotsInstalled(logs),
    ratePerS: tenths(measureServedRate(attempts, { faultNs: phases.firstFaultNs, lastNs })),
    ...latency.measures,
    ...(slowRequestsPercent !== undefined && { slowRequestsPercent }),
    ...silence.measures,
    ...unhindered.measures,
    ...lag?.measures,
    ...(watches && measureWatchStreams(watches, drill)),
    ...followed(observations.workload, attempts, timers),
    ...observations.measures,
  }
  const outages = out?.outages ?? []
  return {
    measures,
    bounds: {
      ...out?.bounds,
      ...others?.bounds,
      ...restarts.bounds,
      ...latency.bounds,
      ...silence.bounds,
      ...unhindered.bounds,
      ...lag?.bounds,
      ...termsBounds(measures.termsTried, drill),
      ...lowerBoundsOf(observations),
    },
    outages,
    service: measureService(attempts, phases),
    marks: marksOf(outages),
  }
}

/** A leader that this machine stalled for an election timeout loses its term through no fault of etcd. */
function termsBounds(termsTried: number | null, { stalls }: Pick<ServedDrill, 'stalls'>): Bounds {
  if (termsTried === null || stalls.length === 0) return {}
  return { termsTried: { least: 0, most: termsTried, why: 'this machine stalled' } }
}

/** Measures of the scenario's own that may be more. */
function lowerBoundsOf({ measures, lowerBounds }: DrillObservations): Bounds {
  return Object.fromEntries(
    Object.entries(lowerBounds).map(([name, why]) => [
      name,
      { least: measures[name] ?? 0, most: null, why },
    ]),
  )
}

/** How far the requests at a fixed rate followed their plan. */
function followed(
  workload: Observations['workload'],
  attempts: readonly Attempt[],
  { stallNs }: Timers,
) {
  if (workload === undefined) return {}
  return {
    skippedRequests: workload.skipped,
    lateRequests: attempts.filter(({ dueNs, sentNs }) => sentNs - dueNs >= stallNs).length,
    worstLatenessMs: tenths(workload.worstLatenessMs),
  }
}

function acknowledgedLost(final: CheckInput['final'], verdicts: readonly Verdict[]): number | null {
  const durability = verdicts.find(({ checker }) => checker === 'durability')
  if (final === undefined || durability === undefined || durability.verdict === 'unknown')
    return null
  const lost = durability.evidence?.acknowledgedLost
  return typeof lost === 'number' ? lost : 0
}

/** In the logs of 3.4 with capnslog, and of every later version. */
const installed = /"applied snapshot"|\tapplied snapshot\t|finished applying incoming snapshot/

/** How often a member installed a snapshot that the leader sent instead of its log. */
export function snapshotsInstalled(logs: NonNullable<CheckInput['logs']>): number {
  return Object.values(logs).reduce(
    (sum, lines) => sum + lines.filter((line) => installed.test(line)).length,
    0,
  )
}
