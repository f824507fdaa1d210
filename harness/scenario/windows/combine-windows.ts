import type { ScenarioOutcome, ScenarioRecord } from '../../run-record/run-record.ts'
import { withShrinking } from '../outcome/shrinking.ts'
import { mergeMeasures } from './merge-measures.ts'
import type { WindowedEvidence } from './read-windowed.ts'
import { worstObjectives, worstVerdict } from './worst-of-windows.ts'

/** Worst first: the whole is as good as its worst window. */
const worstFirst: readonly ScenarioOutcome[] = ['broken', 'inconclusive', 'known-issue', 'held']

/**
 * The record of a scenario that ran in windows: the conjunction of what was judged of each. A run that
 * ended before its windows did, or has none, is never held. What can show only one window, such as
 * evidence and marks, is that of the first that decides the outcome.
 */
export function combineWindows(
  whole: WindowedEvidence,
  records: readonly ScenarioRecord[],
): ScenarioRecord {
  const { plan, observations, shrinking, sha256, folders } = whole
  const doubts = doubtsIn(whole, records)
  const worst = worstOf(records)
  const isDoubted = worst !== 'broken' && doubts.length > 0
  const outcome = isDoubted || worst === undefined ? 'inconclusive' : worst
  const shown = shownIndex(records, worst)
  const broken = [...new Set(records.flatMap((record) => record.broken ?? []))]
  const durationMs = records.reduce((sum, record) => sum + record.durationMs, 0)
  const record: ScenarioRecord = {
    id: plan.id,
    suite: plan.suite,
    title: plan.title,
    outcome,
    reason: [...doubts, ...formatWindows(records, shown, worst)].join('; '),
    ...(broken.length > 0 && { broken }),
    seed: plan.seed,
    startedAt: plan.startedAt,
    durationMs: observations?.durationMs ?? durationMs,
    ...(plan.adjusted !== undefined && { adjusted: plan.adjusted }),
    members: plan.spec.members,
    measures: {
      windows: records.length,
      ...mergeMeasures(records.map(({ measures }) => measures)),
    },
    objectives: worstObjectives(records),
    verdicts: plan.checkers.flatMap((checker) => worstVerdict(checker, records, shown) ?? []),
    ...(plan.unboundObjectives && { unboundObjectives: plan.unboundObjectives }),
    ...(Object.keys(plan.skippedCheckers).length > 0 && { skippedCheckers: plan.skippedCheckers }),
    marks: [],
    directory: plan.directory,
    reproduce: plan.reproduce,
    evidenceSha256: sha256,
    windows: records.map((one, index) => ({
      folder: folders[index] ?? '',
      outcome: one.outcome,
      reason: one.reason,
      startedAt: one.startedAt,
      durationMs: one.durationMs,
      operations: one.measures.operations ?? 0,
    })),
    ...(shown >= 0 && { shownWindow: folders[shown] ?? '' }),
  }
  return shrinking === undefined ? record : withShrinking(record, shrinking)
}

/** Why the windows do not tell the whole, whatever they show. */
function doubtsIn(
  { observations, folders }: WindowedEvidence,
  records: readonly ScenarioRecord[],
): string[] {
  const ended = observations === undefined ? ['the run ended before the scenario did'] : []
  const failures = observations?.failures.map(({ reason }) => reason) ?? []
  const planned = observations?.measures.windows ?? records.length
  const found = planned === folders.length && records.length === folders.length
  const missing = found ? [] : [`expected ${planned} windows, found ${folders.length}`]
  return [
    ...ended,
    ...failures,
    ...missing,
    ...(records.length === 0 ? ['no window was judged'] : []),
  ]
}

function worstOf(records: readonly ScenarioRecord[]): ScenarioOutcome | undefined {
  if (records.length === 0) return undefined
  return (
    worstFirst.find((outcome) => records.some((one) => one.outcome === outcome)) ?? 'inconclusive'
  )
}

/** The first window that decides the outcome; of one that held, the last. */
function shownIndex(
  records: readonly ScenarioRecord[],
  worst: ScenarioOutcome | undefined,
): number {
  if (worst === 'held') return records.length - 1
  return records.findIndex(({ outcome }) => outcome === worst)
}

function formatWindows(
  records: readonly ScenarioRecord[],
  shown: number,
  worst: ScenarioOutcome | undefined,
): string[] {
  const one = records[shown]
  if (one === undefined) return []
  if (worst === 'held') return [`each of ${records.length} windows held: ${one.reason}`]
  const alike = records.filter(({ outcome }) => outcome === worst).length
  const others = alike > 1 ? `; ${alike - 1} more as well` : ''
  return [`window ${shown + 1} of ${records.length} is ${worst}: ${one.reason}${others}`]
}
