import type { CheckInput, Verdict } from '../../checkers/checker.ts'
import { nsPerMs } from '../../core/clock.ts'
import { faultWindows } from '../../history/fault-windows.ts'
import { type History, isOperation, type OperationEvent } from '../../history/operations.ts'
import { longestOutage, type Outage, type RequestClass } from '../../history/outages.ts'
import { isRequest } from '../../history/request.ts'
import type { Observations } from '../../run-record/observations.ts'
import type { Mark, Measures } from '../../run-record/run-record.ts'
import type { Failure } from './outcome.ts'

/** Below this share of the planned rate before the fault, the workload is too weak to tell. */
const leastShare = 0.5
/** A shorter gap is the latency of a request, not an outage. */
const notableMs = 50

export interface Measured {
  readonly measures: Measures
  /** Where the outages begin and end on the scenario's timeline. */
  readonly marks: readonly Mark[]
}

/** The numbers of a scenario's record. The history is the recorded one: unknown outcomes count. */
export function measure(
  { history, logs = {}, final }: CheckInput,
  observations: Pick<Observations, 'measures' | 'elections' | 'workload'>,
  verdicts: readonly Verdict[],
): Measured {
  const { workload } = observations
  const events = history.events.filter(isRequest)
  const window = faultWindow(history)
  const outages = window && {
    write: longestOutage(history, 'write', window),
    read: longestOutage(history, 'linearizable-read', window),
  }
  const measures = {
    ...(outages && {
      writeOutageMs: lengthOf(outages.write),
      readOutageMs: lengthOf(outages.read),
      outageResolutionMs: resolutionOf([outages.write, outages.read]),
    }),
    acknowledgedLost: acknowledgedLost(final, verdicts),
    unknownOutcomes: unknownOutcomes(events),
    operations: events.filter(({ type }) => type === 'invoke').length,
    elections: observations.elections,
    snapshotsInstalled: snapshotsInstalled(logs),
    ratePerS: round(rateBeforeFault(history)),
    ...(workload && {
      skippedRequests: workload.skipped,
      worstLatenessMs: round(workload.worstLatenessMs),
    }),
    ...observations.measures,
  }
  const marks = outages
    ? [...marksOf('write', outages.write), ...marksOf('linearizable-read', outages.read)]
    : []
  return { measures, marks }
}

/** Whether enough operations were served before the fault for the drill to mean anything. */
export function checkServedRate(plannedRatePerS: number, { ratePerS = 0 }: Measures): Failure[] {
  if (ratePerS >= plannedRatePerS * leastShare) return []
  const served = `${ratePerS} of ${plannedRatePerS} operations/s`
  const reason = `too few operations served before the fault: ${served}`
  return [{ outcome: 'inconclusive', reason }]
}

/** From the first fault to the end of the last; undefined when there was none. */
function faultWindow({ events }: History): { fromNs: number; toNs?: number } | undefined {
  const faults = faultWindows(events)
  if (faults.length === 0) return undefined
  const fromNs = Math.min(...faults.map(({ beginNs }) => beginNs))
  const ends = faults.map(({ endNs }) => endNs).filter(Number.isFinite)
  return { fromNs, ...(ends.length > 0 && { toNs: Math.max(...ends) }) }
}

/** Null = not measured: no client sent such a request, or etcd served none again. */
function lengthOf({ attempts, recovered, outageMs }: Outage): number | null {
  return attempts > 0 && recovered ? round(outageMs) : null
}

/** The coarser of what was measured. */
function resolutionOf(outages: readonly Outage[]): number | null {
  const asked = outages.filter(({ attempts }) => attempts > 0)
  if (asked.length === 0) return null
  return round(Math.max(...asked.map(({ resolutionMs }) => resolutionMs)))
}

function marksOf(requestClass: RequestClass, { beginNs, endNs, outageMs }: Outage): Mark[] {
  if (beginNs === null || outageMs < notableMs) return []
  const of = requestClass === 'write' ? 'writes' : 'reads'
  const begin: Mark = { timeNs: beginNs, kind: 'outage-begin', of, text: `${of} are out` }
  if (endNs === null) return [begin]
  const text = `${of} are served again after ${round(outageMs)} ms`
  return [begin, { timeNs: endNs, kind: 'outage-end', of, text }]
}

function unknownOutcomes(events: readonly OperationEvent[]): number {
  const invoked = events.filter(({ type }) => type === 'invoke').length
  const known = events.filter(({ type }) => type === 'ok' || type === 'fail').length
  return invoked - known
}

/** Operations served per second just before the first fault; without a fault, over the whole drill. */
function rateBeforeFault(history: History): number {
  const events = history.events.filter(isOperation)
  const beginNs = events[0]?.timeNs ?? 0
  const faultNs = faultWindow(history)?.fromNs
  const endNs = faultNs ?? events.at(-1)?.timeNs ?? 0
  // On a busy machine clients take seconds to connect.
  const fromNs = faultNs === undefined ? beginNs : Math.max(beginNs, faultNs - rateWindowNs)
  if (endNs <= fromNs) return 0
  const served = events.filter(
    ({ type, timeNs }) => type === 'ok' && fromNs <= timeNs && timeNs <= endNs,
  )
  return served.length / ((endNs - fromNs) / nsPerMs / 1_000)
}

const rateWindowNs = 2e9

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

const round = (value: number) => Math.round(value * 10) / 10
