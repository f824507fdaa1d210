import { nsPerMs } from '../../../core/clock.ts'
import type { TimeSpan } from '../../../core/spans.ts'
import type { Attempt } from '../attempts.ts'

/**
 * A stretch in which clients were not served. `leastMs` is what the requests prove: from the sending of
 * the first one that was not served, for as long as one was waiting or refused. `mostMs` is what they
 * leave open: from the last success before to the first success of a steady service.
 */
export interface Outage {
  readonly beginNs: number
  /** Null: the end was not seen, and the outage may last on. */
  readonly endNs: number | null
  readonly leastMs: number
  /** Null when the end was not seen. */
  readonly mostMs: number | null
}

/** What counts as served. */
export interface ServiceTimes {
  /** A request that waits longer for its success was not served in time. */
  readonly patienceNs: number
  /** An outage is over when for so long no request was left without service. */
  readonly steadyNs: number
  /** The longest that a request may stay open. */
  readonly deadlineNs: number
}

/** An outage as one member's clients saw it. */
export interface UnservedSpan {
  readonly surely: TimeSpan
  /** Ends at Infinity when nothing was served any more. */
  readonly maybe: TimeSpan
}

/**
 * The stretches without service in one stream of requests, in order: those of one class at one member,
 * in the order in which they were sent.
 *
 * A gap lies between two successes that follow each other, or after the last one, and holds the
 * requests that were sent in it. Gaps with a request that was never served, or too late, are one
 * outage until the service was steady in between: a success among many failures ends nothing. Any
 * other gap is as long as its first request waited. Time without a request is in `maybe` alone.
 */
export function findUnservedSpans(
  attempts: readonly Attempt[],
  times: Pick<ServiceTimes, 'patienceNs' | 'steadyNs'>,
): UnservedSpan[] {
  const spans: UnservedSpan[] = []
  let unsteady: { at: number; span: UnservedSpan } | undefined
  for (const gap of gapsOf(attempts)) {
    const span = spanOf(gap)
    const [firstUnserved] = gap.attempts.filter((attempt) => isUnserved(attempt, times))
    if (firstUnserved === undefined) {
      spans.push(span)
      continue
    }
    const isSteady =
      unsteady === undefined || firstUnserved.sentNs - unsteady.span.maybe.toNs >= times.steadyNs
    if (isSteady || unsteady === undefined) {
      unsteady = { at: spans.push(span) - 1, span }
      continue
    }
    unsteady.span = joinSpans(unsteady.span, span)
    spans[unsteady.at] = unsteady.span
  }
  return spans
}

/** Whether the client had no success, or only after its patience was over. */
export function isUnserved(
  { outcome, sentNs, endNs }: Pick<Attempt, 'outcome' | 'sentNs' | 'endNs'>,
  { patienceNs }: Pick<ServiceTimes, 'patienceNs'>,
): boolean {
  return outcome !== 'ok' || endNs - sentNs > patienceNs
}

interface Gap {
  /** The success before; undefined at the beginning. */
  readonly afterNs: number | undefined
  /** The success that ends it; Infinity without one. */
  readonly endNs: number
  /** Sent in it, at least one. */
  readonly attempts: readonly Attempt[]
}

function gapsOf(attempts: readonly Attempt[]): Gap[] {
  const successes = attempts
    .flatMap(({ outcome, endNs }) => (outcome === 'ok' ? [endNs] : []))
    .sort((one, other) => one - other)
  const gaps: Gap[] = []
  let next = 0
  let afterNs: number | undefined
  for (const endNs of [...successes, Number.POSITIVE_INFINITY]) {
    const first = next
    while ((attempts[next]?.sentNs ?? Number.POSITIVE_INFINITY) < endNs) next++
    if (next > first) gaps.push({ afterNs, endNs, attempts: attempts.slice(first, next) })
    afterNs = endNs
  }
  return gaps
}

/** Where no success ends the gap, `surely` lasts as long as its requests were open. */
function spanOf({ afterNs, endNs, attempts }: Gap): UnservedSpan {
  const [first] = attempts as [Attempt]
  const fromNs = first.sentNs
  let toNs = fromNs
  for (const attempt of attempts) {
    const isLast = attempt.endNs === endNs
    // Before the closing success was sent, the service may have been back.
    if (!isLast || attempt.sentNs <= toNs) toNs = Math.max(toNs, openUntil(attempt, endNs))
  }
  const maybeFromNs = Math.min(afterNs ?? first.dueNs, fromNs)
  return { surely: { fromNs, toNs }, maybe: { fromNs: maybeFromNs, toNs: endNs } }
}

/** A request that was never answered proves nothing after it was sent. */
function openUntil({ sentNs, endNs }: Attempt, mostNs: number): number {
  const untilNs = Math.min(endNs, mostNs)
  return Number.isFinite(untilNs) ? untilNs : sentNs
}

function joinSpans(one: UnservedSpan, other: UnservedSpan): UnservedSpan {
  return {
    surely: { fromNs: one.surely.fromNs, toNs: other.surely.toNs },
    maybe: { fromNs: one.maybe.fromNs, toNs: other.maybe.toNs },
  }
}

export function outageOf({ surely, maybe }: UnservedSpan): Outage {
  const isOpen = !Number.isFinite(maybe.toNs)
  return {
    beginNs: surely.fromNs,
    endNs: isOpen ? null : maybe.toNs,
    leastMs: (surely.toNs - surely.fromNs) / nsPerMs,
    mostMs: isOpen ? null : (maybe.toNs - maybe.fromNs) / nsPerMs,
  }
}
