import { worstOf } from '../checkers/verdict/worst-of.ts'
import { type ExitCode, exitCodes } from '../core/errors.ts'
import type { RunRecord, ScenarioOutcome, ScenarioRecord } from './run-record.ts'

export interface RunVerdict {
  readonly outcome: 'held' | 'broken' | 'inconclusive'
  readonly exitCode: ExitCode
  /** Plain words for the first line of every report. */
  readonly sentence: string
  readonly counts: Readonly<Record<ScenarioOutcome, number>>
}

/**
 * The verdict of a whole run. Any broken scenario makes it broken (exit 1); otherwise an
 * inconclusive scenario, a planned one without a result, a run that did not finish or a run without a
 * judged scenario makes it inconclusive (3); otherwise it held (0). Known issues of the version are
 * allowed. A scenario's label counts no more than its evidence, see `outcomeOf`.
 */
export function verdictOf(record: RunRecord): RunVerdict {
  const counts = countOutcomes(record)
  const outcome = overall(record, counts)
  return { outcome, exitCode: exitCodes[outcome], sentence: sentenceOf(record, counts), counts }
}

/** Whether a scenario with this outcome did not run, so that nothing of it was judged. */
export function isSkipped(outcome: ScenarioOutcome): boolean {
  return outcome === 'not-run' || outcome === 'not-applicable'
}

/**
 * A scenario's outcome, never better than its evidence: one labelled held whose verdict is invalid
 * or that missed an objective is broken; one with an unknown verdict, an objective that could not
 * be measured, or with nothing judged at all, is inconclusive.
 */
export function outcomeOf(scenario: ScenarioRecord): ScenarioOutcome {
  if (scenario.outcome !== 'held') return scenario.outcome
  const verdicts = scenario.verdicts.map(({ verdict }) => verdict)
  const missed = scenario.objectives.filter(({ met }) => !met)
  if (verdicts.includes('invalid') || missed.some(({ measured }) => measured !== null)) {
    return 'broken'
  }
  return worstOf(verdicts) === 'unknown' || missed.length > 0 ? 'inconclusive' : 'held'
}

function countOutcomes(record: RunRecord): Record<ScenarioOutcome, number> {
  const counts: Record<ScenarioOutcome, number> = {
    held: 0,
    broken: 0,
    'known-issue': 0,
    'not-applicable': 0,
    'not-run': 0,
    inconclusive: 0,
  }
  for (const scenario of record.scenarios) counts[outcomeOf(scenario)]++
  return counts
}

function overall(
  record: RunRecord,
  counts: Record<ScenarioOutcome, number>,
): RunVerdict['outcome'] {
  if (counts.broken > 0) return 'broken'
  const judged = counts.held + counts['known-issue']
  const finished = record.endedAt !== undefined && (record.errors ?? []).length === 0
  const whole = finished && withoutResult(record).length === 0
  return whole && counts.inconclusive === 0 && judged > 0 ? 'held' : 'inconclusive'
}

/**
 * Ids of planned scenarios that have no record, or only the one from before the run; one whose turn
 * came after the time by which it had to begin has a record of that turn.
 */
function withoutResult({ scenarios, planned = [] }: RunRecord): string[] {
  const records = new Map(scenarios.map((scenario) => [scenario.id, scenario]))
  return planned
    .filter(({ id, skip, beginBy }) => {
      const record = records.get(id)
      if (skip !== undefined || (record !== undefined && record.outcome !== 'not-run')) return false
      const cameTooLate =
        beginBy !== undefined && record !== undefined && record.startedAt > beginBy
      return !cameTooLate
    })
    .map(({ id }) => id)
}

function sentenceOf(record: RunRecord, counts: Record<ScenarioOutcome, number>): string {
  const missing = formatMissing(record)
  return [formatJudged(record, counts), ...(missing === undefined ? [] : [missing])].join('; ')
}

const mostNamed = 3

function formatMissing(record: RunRecord): string | undefined {
  const ids = withoutResult(record)
  if (ids.length === 0) return undefined
  const planned = (record.planned ?? []).filter(({ skip }) => skip === undefined).length
  const rest = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : ''
  const named = ids.slice(0, mostNamed).join(', ') + rest
  return `${ids.length} of ${plural(planned, 'planned scenario')} did not run: ${named}`
}

function formatJudged(record: RunRecord, counts: Record<ScenarioOutcome, number>): string {
  const judged = counts.held + counts['known-issue'] + counts.broken + counts.inconclusive
  if (counts.broken > 0) {
    const first = record.scenarios.find((scenario) => outcomeOf(scenario) === 'broken')
    const share = `${counts.broken} of ${plural(judged, 'scenario')} broke a promise or an objective`
    return `${share}${counts.broken > 1 ? '; the first' : ''}: ${first?.title ?? ''}`
  }
  if (judged === 0) return 'No scenario was judged'
  if (record.endedAt === undefined) {
    return `The run did not finish: ${plural(judged, 'scenario')} judged before it stopped`
  }
  const [error] = record.errors ?? []
  if (error !== undefined) return `The run has an error: ${error}`
  if (counts.inconclusive > 0) {
    return `${counts.inconclusive} of ${plural(judged, 'scenario')} could not be judged`
  }
  const known = counts['known-issue']
  if (known > 0) {
    const rest = counts.held > 0 ? `; ${plural(counts.held, 'scenario')} held` : ''
    return `${known} of ${plural(judged, 'scenario')} showed a known issue of this version${rest}`
  }
  if (withoutResult(record).length > 0) return `${plural(judged, 'scenario')} held`
  return judged === 1 ? 'The one scenario held' : `All ${judged} scenarios held`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
