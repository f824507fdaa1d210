import type { OutageRecord, ScenarioRecord } from '../../../harness/run-record/run-record.ts'
import type { SavedHistory } from '../../read/history.ts'
import { classLabelOf } from '../operation-class.ts'
import type { TimeAxis } from './time-axis.ts'

export interface OutageSpan {
  readonly of: 'writes' | 'reads'
  readonly fromS: number
  readonly toS: number
  /** The run's own measure; the span only shows where it lies. */
  readonly lengthMs: number
}

/**
 * Outages of writes and reads, as the run's record has them. In older records marks give their place;
 * without marks, an outage that the run measured lies at the longest stretch of the history without a
 * success. One without an end lasts until the end of the scenario.
 */
export function outageSpansOf(
  scenario: ScenarioRecord,
  history: SavedHistory,
  axis: TimeAxis,
): OutageSpan[] {
  return (['writes', 'reads'] as const).flatMap((of) => {
    if (scenario.outages !== undefined) return recordedOutages(scenario.outages, axis, of)
    const marked = markedOutages(scenario, axis, of)
    const length = scenario.measures[of === 'writes' ? 'writeOutageMs' : 'readOutageMs']
    if (marked.length > 0) return marked
    if (typeof length !== 'number' || length <= 0) return []
    const gap = longestGap(history, axis, of)
    return gap === undefined ? [] : [{ of, ...gap, lengthMs: length }]
  })
}

function recordedOutages(
  outages: readonly OutageRecord[],
  axis: TimeAxis,
  of: OutageSpan['of'],
): OutageSpan[] {
  return outages
    .filter((outage) => outage.of === of && outage.member === undefined)
    .map(({ beginNs, endNs, leastMs }) => ({
      of,
      fromS: axis.seconds(beginNs),
      toS: endNs === null ? axis.lengthS : axis.seconds(endNs),
      lengthMs: leastMs,
    }))
}

function markedOutages(
  scenario: ScenarioRecord,
  axis: TimeAxis,
  of: OutageSpan['of'],
): OutageSpan[] {
  const outages: OutageSpan[] = []
  let fromS: number | undefined
  for (const mark of scenario.marks) {
    if ((mark.of ?? 'writes') !== of) continue
    if (mark.kind === 'outage-begin') fromS = axis.seconds(mark.timeNs)
    if (mark.kind !== 'outage-end' || fromS === undefined) continue
    const toS = axis.seconds(mark.timeNs)
    outages.push({ of, fromS, toS, lengthMs: (toS - fromS) * 1_000 })
    fromS = undefined
  }
  return outages
}

function longestGap(
  history: SavedHistory,
  axis: TimeAxis,
  of: OutageSpan['of'],
): { readonly fromS: number; readonly toS: number } | undefined {
  const successes = history.operations
    .filter((operation) => operation.outcome === 'ok' && classLabelOf(operation) === of)
    .map(({ completion }) => axis.seconds(completion?.timeNs ?? 0))
    .sort((one, other) => one - other)
  let longest: { fromS: number; toS: number } | undefined
  for (const [index, toS] of successes.entries()) {
    const fromS = successes[index - 1]
    if (fromS === undefined) continue
    if (longest === undefined || toS - fromS > longest.toS - longest.fromS) longest = { fromS, toS }
  }
  return longest
}
