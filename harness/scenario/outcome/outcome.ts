import type { Verdict } from '../../checkers/checker.ts'
import type { FaultWindow } from '../../history/fault-windows.ts'
import type { Failure } from '../../run-record/evidence/observations.ts'
import type { ObjectiveResult, ScenarioOutcome } from '../../run-record/run-record.ts'
import type { KnownIssue, Symptom } from '../../run-record/scenario-plan.ts'
import {
  formatHeld,
  formatMissed,
  formatUnmeasured,
  formatVerdict,
  formatVersions,
  formatWaived,
  joinReasons,
} from './format-findings.ts'

export interface Findings {
  readonly failures: readonly Failure[]
  readonly verdicts: readonly Verdict[]
  readonly objectives: readonly ObjectiveResult[]
  /** Every fault that was to be in force, and whether it was proved. */
  readonly faults?: readonly Pick<FaultWindow, 'name' | 'beginNs' | 'endNs' | 'proof'>[]
  /** Measures that no objective bounds here, because the members are emulated. */
  readonly waived?: readonly string[]
  /** Too few requests were sent, or served before the fault: a long outage may be the machine's. */
  readonly isTooBusy?: boolean
  /** So busy that etcd could keep no promise, however long its deadline. Default: as `isTooBusy`. */
  readonly isOverwhelmed?: boolean
  /** How busy this machine was, for the reason. */
  readonly busy?: string | undefined
  /** A bug that this version is known to have. */
  readonly known?: KnownIssue | undefined
}

export interface Conclusion {
  readonly outcome: ScenarioOutcome
  readonly reason: string
  /** Ids of all that broke; absent when nothing did. */
  readonly broken?: readonly string[]
}

/**
 * Broken beats inconclusive beats held: a scenario that was not seen whole never holds. It is a
 * known issue when the bug's symptom names every break and nothing is in doubt; a bug that did not show
 * is said as well, unless it is rare.
 */
export function conclude(findings: Findings): Conclusion {
  const { known, waived = [] } = findings
  const breaks = breaksIn(findings)
  const { outcome, reasons } = concludeWithoutKnownIssue(findings, breaks)
  const reason = joinReasons([...reasons, ...waived.map(formatWaived)])
  const broken = breaks.length > 0 && { broken: [...new Set(breaks.flatMap(({ ids }) => ids))] }
  if (known === undefined) return { outcome, reason, ...broken }
  const issue = `${known.issue} (${known.summary}${formatVersions(known.versions)})`
  const explained = breaks.filter((each) => isExplained(known.symptom, each))
  if (breaks.length > 0 && explained.length === breaks.length) {
    const doubts = doubtsIn(findings)
    if (doubts.length === 0)
      return { outcome: 'known-issue', reason: `${issue}: ${reason}`, ...broken }
    const both = [`${issue}: ${reason}`, ...doubts].join('; ')
    return { outcome: 'inconclusive', reason: both, ...broken }
  }
  if (explained.length > 0) {
    return { outcome, reason: `${reason}; ${issue} explains only some failures`, ...broken }
  }
  if (known.isRare === true) return { outcome, reason, ...broken }
  return { outcome, reason: `${reason}; expected ${issue}, which did not show`, ...broken }
}

/** Something that broke: all that it broke, as ids, and a reason for people. */
interface Break {
  readonly ids: readonly string[]
  readonly reason: string
}

function isExplained({ expectations = [], violations = [] }: Symptom, { ids }: Break): boolean {
  return ids.every((id) => expectations.includes(id) || violations.includes(id))
}

function breaksIn(findings: Findings): Break[] {
  const { failures, verdicts, objectives, isTooBusy = false } = findings
  return [
    ...failures.flatMap((failure) =>
      failure.outcome === 'broken' && doubtOf(failure, findings) === undefined
        ? [{ ids: [failure.expectation], reason: failure.reason }]
        : [],
    ),
    ...verdicts
      .filter(({ verdict }) => verdict === 'invalid')
      .map((verdict) => ({ ids: violationIds(verdict), reason: formatVerdict(verdict) })),
    ...objectives
      .filter((one) => isMissed(one) && !(isTooBusy && isCeiling(one)))
      .map((objective) => ({
        ids: [`objective/${objective.measure}`],
        reason: formatMissed(objective),
      })),
  ]
}

/** `checker/code` of each violation; without a code the checker's name, which no known issue names. */
function violationIds({ checker, code, codes = code === undefined ? [] : [code] }: Verdict) {
  return codes.length === 0 ? [checker] : codes.map((each) => `${checker}/${each}`)
}

interface ConclusionWithReasons {
  readonly outcome: ScenarioOutcome
  readonly reasons: readonly string[]
}

function concludeWithoutKnownIssue(
  findings: Findings,
  breaks: readonly Break[],
): ConclusionWithReasons {
  if (breaks.length > 0) return { outcome: 'broken', reasons: breaks.map(({ reason }) => reason) }
  const doubts = doubtsIn(findings)
  if (doubts.length > 0) return { outcome: 'inconclusive', reasons: doubts }
  return { outcome: 'held', reasons: [formatHeld(findings.verdicts)] }
}

/** All that keeps the scenario from telling, whether something broke or not. */
function doubtsIn(findings: Findings): string[] {
  const { failures, verdicts, objectives, isTooBusy = false, busy } = findings
  const excused = objectives.filter((one) => isMissed(one) && isTooBusy && isCeiling(one))
  const missed = excused.map(formatMissed)
  const isExcused = missed.length > 0 || failures.some(isSlow)
  return [
    ...failures.flatMap((failure) => doubtOf(failure, findings) ?? []),
    ...missed,
    ...(busy !== undefined && isExcused ? [busy] : []),
    ...verdicts.filter(({ verdict }) => verdict === 'unknown').map(formatVerdict),
    ...objectives.filter(({ measured }) => measured === null).map(formatUnmeasured),
    ...(verdicts.length === 0 ? ['nothing was judged'] : []),
  ]
}

/**
 * Why a failure is no break of etcd's; undefined when it is one. What was expected while a fault was
 * to be in force whose effect did not show was expected of a cluster without that fault.
 */
function doubtOf(
  failure: Failure,
  { faults = [], isTooBusy = false, isOverwhelmed = isTooBusy }: Findings,
): string | undefined {
  if (failure.outcome === 'inconclusive') return failure.reason
  const { timeNs = -1, expectation, reason } = failure
  const inert = faults.filter(
    ({ beginNs, endNs, proof }) =>
      proof?.observed === false && beginNs <= timeNs && timeNs <= endNs,
  )
  if (inert.length === 0) return isOverwhelmed && isSlow(failure) ? failure.reason : undefined
  const names = [...new Set(inert.map(({ name }) => name))].join(', ')
  return `${expectation} proves nothing, the effect of ${names} was not observed: ${reason}`
}

/** A floor has its own account of how busy the machine was, see measureAtLeast. */
function isCeiling({ atMost }: ObjectiveResult): boolean {
  return atMost !== undefined
}

function isSlow(failure: Failure): boolean {
  return failure.outcome === 'broken' && failure.isTooSlow === true
}

function isMissed({ met, measured }: ObjectiveResult): boolean {
  return !met && measured !== null
}
