import type { Verdict } from '../../checkers/checker.ts'
import { GuaranteeBrokenError, messageOf } from '../../core/errors.ts'
import type { ObjectiveResult, ScenarioOutcome } from '../../run-record/run-record.ts'
import type { KnownIssue } from '../scenario.ts'

/** Why a drill did not run through: etcd broke a promise, or nothing can be said. */
export interface Failure {
  readonly outcome: 'broken' | 'inconclusive'
  readonly reason: string
  /** Somebody was not served in time: etcd's doing only where the machine serves otherwise. */
  readonly ofTime?: boolean
}

export interface Findings {
  readonly failures: readonly Failure[]
  readonly verdicts: readonly Verdict[]
  readonly objectives: readonly ObjectiveResult[]
  /** Measures that no objective bounds here, because the members are emulated. */
  readonly waived?: readonly string[]
  /** Few were served before the fault: what took long then accuses nobody. */
  readonly isRateTooLow?: boolean
  /** A bug that this version is known to have. */
  readonly known?: KnownIssue | undefined
}

export interface Conclusion {
  readonly outcome: ScenarioOutcome
  readonly reason: string
}

/** What was thrown while drilling, as a finding. Only a BrokenError accuses etcd. */
export function failureOf(thrown: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return { outcome: 'inconclusive', reason: 'interrupted before its end' }
  if (!(thrown instanceof GuaranteeBrokenError)) {
    return { outcome: 'inconclusive', reason: messageOf(thrown) }
  }
  const ofTime = thrown.fields.ofTime === true
  return { outcome: 'broken', reason: messageOf(thrown), ...(ofTime && { ofTime }) }
}

/**
 * Broken beats inconclusive beats held: what was not seen whole is never called held. A break with
 * the symptom of a known bug, and with no other, is a known issue; a bug that did not show is said
 * beside, unless it seldom does.
 */
export function conclude(findings: Findings): Conclusion {
  const { known, waived = [] } = findings
  const { outcome, reasons } = concludeUnaware(findings)
  const reason = [...reasons, ...waived.map(formatWaived)].join('; ')
  if (known === undefined) return { outcome, reason }
  const issue = `${known.issue} (${known.summary})`
  if (outcome === 'broken' && reasons.every((each) => known.symptom.test(each))) {
    return { outcome: 'known-issue', reason: `${issue}: ${reason}` }
  }
  if (outcome === 'broken' && reasons.some((each) => known.symptom.test(each))) {
    return { outcome, reason: `${reason}; of this ${issue} explains only a part` }
  }
  if (known.isRare === true) return { outcome, reason }
  return { outcome, reason: `${reason}; expected ${issue}, which did not show` }
}

interface Unaware {
  readonly outcome: ScenarioOutcome
  readonly reasons: readonly string[]
}

function concludeUnaware({
  failures,
  verdicts,
  objectives,
  isRateTooLow = false,
}: Findings): Unaware {
  const missed = objectives.filter(isMissed).map(formatMissed)
  const broken = [
    ...failures
      .filter(({ outcome, ofTime }) => outcome === 'broken' && !(isRateTooLow && ofTime === true))
      .map(({ reason }) => reason),
    ...verdicts.filter(({ verdict }) => verdict === 'invalid').map(formatVerdict),
    ...(isRateTooLow ? [] : missed),
  ]
  if (broken.length > 0) return { outcome: 'broken', reasons: broken }
  const unsure = [
    ...failures.map(({ reason }) => reason),
    ...(isRateTooLow ? missed : []),
    ...verdicts.filter(({ verdict }) => verdict === 'unknown').map(formatVerdict),
    ...objectives.filter(({ measured }) => measured === null).map(formatUnmeasured),
    ...(verdicts.length === 0 ? ['nothing was judged'] : []),
  ]
  if (unsure.length > 0) return { outcome: 'inconclusive', reasons: unsure }
  return { outcome: 'held', reasons: [formatHeld(verdicts)] }
}

function isMissed({ met, measured }: ObjectiveResult): boolean {
  return !met && measured !== null
}

function formatVerdict({ checker, verdict, reason }: Verdict): string {
  return `${checker} is ${verdict}${reason === undefined ? '' : `: ${reason}`}`
}

function formatMissed({ measure, atMost, atLeast, measured }: ObjectiveResult): string {
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`
  return `objective missed: expected ${measure} to be ${bound}, got ${measured}`
}

function formatWaived(measure: string): string {
  return `the floor of ${measure} does not apply to emulated members`
}

function formatUnmeasured({ measure }: ObjectiveResult): string {
  return `objective not judged: ${measure} could not be measured`
}

function formatHeld(verdicts: readonly Verdict[]): string {
  return `${verdicts.map(({ checker }) => checker).join(', ')}: valid`
}
