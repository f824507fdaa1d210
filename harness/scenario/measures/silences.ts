import type { TimeSpan } from '../../core/spans.ts'
import type { Attempt } from './attempts.ts'

/**
 * The stretches, of at least that length, in which a member answered none of these requests although one
 * was waiting that it answered later: those that it never answers have a budget of their own. They count
 * from the first answer on: before it a client may connect.
 */
export function findSilences(attempts: readonly Attempt[], leastNs: number): TimeSpan[] {
  const answered = attempts.filter(({ outcome }) => outcome !== 'info')
  const sent = answered.toSorted((one, other) => one.sentNs - other.sentNs)
  const answers = answered.map(({ endNs }) => endNs).sort((one, other) => one - other)
  let waiting = 0
  return answers.slice(1).flatMap((toNs, index) => {
    const lastNs = answers[index] as number
    while ((sent[waiting]?.endNs ?? Number.POSITIVE_INFINITY) <= lastNs) waiting++
    const fromNs = Math.max(lastNs, sent[waiting]?.sentNs ?? toNs)
    return toNs - fromNs >= leastNs ? [{ fromNs, toNs }] : []
  })
}
