import type { ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import type { SavedHistory } from '../../read/history.ts'

/** The time axis of one scenario: seconds since its first event. */
export interface TimeAxis {
  readonly startNs: number
  readonly endNs: number
  readonly lengthS: number
  seconds(timeNs: number): number
  /** Seconds on the axis → wall clock in ms, for the members' logs. */
  wallMs(seconds: number): number
}

export function timeAxisOf(scenario: ScenarioRecord, history: SavedHistory): TimeAxis {
  let startNs = Number.POSITIVE_INFINITY
  let endNs = Number.NEGATIVE_INFINITY
  for (const { timeNs } of [...scenario.marks, ...history.faults]) {
    startNs = Math.min(startNs, timeNs)
    endNs = Math.max(endNs, timeNs)
  }
  for (const { timeNs } of history.events) {
    if (timeNs < startNs) startNs = timeNs
    if (timeNs > endNs) endNs = timeNs
  }
  if (!Number.isFinite(startNs)) [startNs, endNs] = [0, scenario.durationMs * 1e6]
  const lengthS = Math.max((endNs - startNs) / 1e9, 0.001)
  const clockStartMs = Date.parse(scenario.clockStartedAt ?? scenario.startedAt)
  return {
    startNs,
    endNs,
    lengthS,
    seconds: (timeNs) => (timeNs - startNs) / 1e9,
    wallMs: (seconds) => clockStartMs + startNs / 1e6 + seconds * 1_000,
  }
}
