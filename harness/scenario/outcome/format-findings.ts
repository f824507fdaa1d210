import type { Verdict } from '../../checkers/checker.ts'
import type { ObjectiveResult } from '../../run-record/run-record.ts'
import type { AffectedVersions } from '../../topology/version.ts'

/** What a conclusion's reason says of each finding, a phrase each. */

export function formatVerdict({ checker, verdict, reason }: Verdict): string {
  return `${checker} is ${verdict}${reason === undefined ? '' : `: ${reason}`}`
}

export function formatMissed({
  measure,
  atMost,
  atLeast,
  from,
  measured,
  most,
}: ObjectiveResult): string {
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`
  const why = from === undefined ? '' : ` (${from})`
  const open = most === null ? ' or more' : ''
  return `objective missed: expected ${measure} to be ${bound}${why}, observed ${measured}${open}`
}

export function formatWaived(measure: string): string {
  return `the floor of ${measure} does not apply to emulated members`
}

export function formatUnmeasured({ measure }: ObjectiveResult): string {
  return `objective not judged: ${measure} could not be measured`
}

export function formatHeld(verdicts: readonly Verdict[]): string {
  return `${verdicts.map(({ checker }) => checker).join(', ')}: valid`
}

export function formatVersions({ since, fixedIn }: AffectedVersions = {}): string {
  const from = since === undefined ? '' : `; since ${since.join(' and ')}`
  return fixedIn === undefined ? from : `${from}; fixed in ${fixedIn.join(' and ')}`
}

/** Each once, and how often it came where it came again: a promise may be looked at many times. */
export function joinReasons(reasons: readonly string[]): string {
  const times = Map.groupBy(reasons, (reason) => reason)
  return [...times]
    .map(([reason, { length }]) => (length === 1 ? reason : `${reason} (${length} times)`))
    .join('; ')
}
