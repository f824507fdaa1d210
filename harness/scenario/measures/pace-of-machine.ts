import { lowerBound } from '../../core/lower-bound.ts'
import { intersectSpans, type TimeSpan, uniteSpans } from '../../core/spans.ts'
import type { ServedDrill } from './served-drill.ts'

/** Where the generator was late for a tenth of some time, a member may have had to wait for all of it. */
const lagShare = 0.1
/** So many requests that were sent meanwhile show whether it was late. */
const fewestWitnesses = 3

/** What the load generator shows of this machine. */
export interface Pace {
  /** When it was late, by however little. */
  readonly lags: readonly TimeSpan[]
  /** When it sent its requests, in order. */
  readonly sentNs: readonly number[]
}

export function paceOf({ attempts, stalls }: Pick<ServedDrill, 'attempts' | 'stalls'>): Pace {
  const late = attempts
    .filter(({ dueNs, sentNs }) => sentNs > dueNs)
    .map(({ dueNs, sentNs }) => ({ fromNs: dueNs, toNs: sentNs }))
  const sentNs = attempts.map((attempt) => attempt.sentNs).sort((one, other) => one - other)
  return { lags: uniteSpans([...late, ...stalls]), sentNs }
}

/** Whether this machine ran its load generator in time meanwhile. */
export function wasInTime(span: TimeSpan, { lags, sentNs }: Pace): boolean {
  const witnesses = lowerBound(sentNs, span.toNs) - lowerBound(sentNs, span.fromNs)
  return (
    witnesses >= fewestWitnesses &&
    totalNs(intersectSpans([span], lags)) < lagShare * totalNs([span])
  )
}

export const totalNs = (spans: readonly TimeSpan[]): number =>
  spans.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0)
