import type { CheckInput, Verdict } from '../../checkers/checker.ts'
import { nsPerMs } from '../../core/clock.ts'
import type { History, OperationEvent } from '../../history/operations.ts'
import { longestOutage, type Outage, type RequestClass } from '../../history/outages.ts'
import { isRequest } from '../../history/request.ts'
import type { Mark, Measures } from '../../run-record/run-record.ts'
import { totalRatePerS } from '../../workload/workload.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { Scenario } from '../scenario.ts'
import type { Failure } from './outcome.ts'

/** Below this share of the planned rate before the fault, the workload says too little. */
const leastShare = 0.5
/** A gap shorter than this is the latency of a request, not an outage worth a mark. */
const notableMs = 50

/** What the scenario's record says in numbers; the outages are marked on its timeline too. */
export function measure(
  evidence: ScenarioEvidence,
  verdicts: readonly Verdict[],
  elections: number | null,
  logs: CheckInput['logs'] = {},
): Measures {
  const history = evidence.recorder.history()
  const events = history.events.filter(isRequest)
  const window = faultWindow(history)
  const outages = window && {
    write: longestOutage(history, 'write', window),
    read: longestOutage(history, 'linearizable-read', window),
  }
  if (outages) {
    evidence.marks.push(
      ...marksOf('write', outages.write),
      ...marksOf('linearizable-read', outages.read),
    )
  }
  return {
    ...(outages && {
      writeOutageMs: lengthOf(outages.write),
      readOutageMs: lengthOf(outages.read),
      outageResolutionMs: resolutionOf([outages.write, outages.read]),
    }),
    acknowledgedLost: acknowledgedLost(evidence, verdicts),
    unknownOutcomes: unknownOutcomes(events),
    operations: events.filter(({ type }) => type === 'invoke').length,
    elections,
    snapshotsInstalled: snapshotsInstalled(logs),
    ratePerS: round(rateBeforeFault(history)),
    ...evidence.measures,
  }
}

/** The drill meant nothing when hardly anybody was being served before the fault. */
export function checkServedRate(scenario: Scenario, measures: Measures): Failure[] {
  const planned = totalRatePerS(scenario.workload)
  const { ratePerS = 0 } = measures
  if (ratePerS >= planned * leastShare) return []
  const reason = `the workload was too weak to mean anything: ${ratePerS} of ${planned} operations/s were served before the fault`
  return [{ outcome: 'inconclusive', reason }]
}

/** From the first fault to the end of the last; undefined when there was none. */
function faultWindow({ events }: History): { fromNs: number; toNs?: number } | undefined {
  const faults = events.filter((event) => event.type === 'fault')
  const begin = faults.find(({ phase }) => phase === 'begin')
  const end = faults.findLast(({ phase }) => phase === 'end')
  if (begin === undefined) return undefined
  return { fromNs: begin.timeNs, ...(end && { toNs: end.timeNs }) }
}

/** Null = could not be measured: nobody asked, or nobody was served again. */
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

/** Served per second in the last seconds before the first fault, or all the time without one. */
function rateBeforeFault(history: History): number {
  const events = history.events.filter((event) => event.type !== 'fault')
  const beginNs = events[0]?.timeNs ?? 0
  const faultNs = faultWindow(history)?.fromNs
  const endNs = faultNs ?? events.at(-1)?.timeNs ?? 0
  // While clients connect, on a busy machine for seconds, nobody is served.
  const fromNs = faultNs === undefined ? beginNs : Math.max(beginNs, faultNs - rateWindowNs)
  if (endNs <= fromNs) return 0
  const served = events.filter(
    ({ type, timeNs }) => type === 'ok' && fromNs <= timeNs && timeNs <= endNs,
  )
  return served.length / ((endNs - fromNs) / nsPerMs / 1_000)
}

const rateWindowNs = 2e9

function acknowledgedLost(
  { final }: ScenarioEvidence,
  verdicts: readonly Verdict[],
): number | null {
  const durability = verdicts.find(({ checker }) => checker === 'durability')
  if (final === undefined || durability === undefined || durability.verdict === 'unknown')
    return null
  const lost = durability.evidence?.acknowledgedLost
  return typeof lost === 'number' ? lost : 0
}

/** By 3.4 with capnslog, and by everything since. */
const installed = /"applied snapshot"|\tapplied snapshot\t|finished applying incoming snapshot/

/** How often a member was sent the leader's snapshot instead of its log, and took it. */
export function snapshotsInstalled(logs: NonNullable<CheckInput['logs']>): number {
  return Object.values(logs).reduce(
    (sum, lines) => sum + lines.filter((line) => installed.test(line)).length,
    0,
  )
}

const round = (value: number) => Math.round(value * 10) / 10
