import type { Attempt } from '../measures/attempts.ts'

/** Judged apart, so that a long quiet time hides no short outage. */
export const sliceNs = 10e9
/** One percent of a slice as time in one piece. */
const hiccupNs = 0.01 * sliceNs

/** Without the most of these requests of one slice that were due within one hiccup. */
export function withoutHiccup<One extends Pick<Attempt, 'dueNs'>>(slow: readonly One[]): One[] {
  const inOrder = slow.toSorted((one, other) => one.dueNs - other.dueNs)
  let [first, worst, most] = [0, 0, 0]
  for (const [last, { dueNs }] of inOrder.entries()) {
    while (dueNs - (inOrder[first]?.dueNs ?? dueNs) > hiccupNs) first++
    if (last + 1 - first > most) [worst, most] = [first, last + 1 - first]
  }
  return inOrder.toSpliced(worst, most)
}
