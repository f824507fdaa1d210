import { operations } from '../history/join.ts'
import type { History } from '../history/operations.ts'

/** etcd's revision before and after, each read linearizably, and what was written between. */
export interface Written {
  readonly revisionBefore: number
  readonly revisionAfter: number
  readonly sent: number
  readonly acknowledged: number
  /** Unknown writes of earlier runs, which may have come true only now. */
  readonly unsettled: number
  /** What others wrote between the two revisions. */
  readonly others: Others
}

export interface Others {
  /** Certainly within. */
  readonly acknowledged: number
  /** Perhaps. */
  readonly unknown: number
}

export interface CountCheck extends Written {
  /** Each put makes one revision, so the difference is at least and at most so many. */
  readonly atLeast: number
  readonly atMost: number
  readonly holds: boolean
}

/**
 * Holds a generator's count against etcd's own: every write that it says was acknowledged made a
 * revision, and no revision was made that it did not send.
 */
export function checkCount(written: Written): CountCheck {
  const { revisionBefore, revisionAfter, sent, acknowledged, unsettled, others } = written
  const atLeast = acknowledged + others.acknowledged
  const atMost = sent + unsettled + others.acknowledged + others.unknown
  const difference = revisionAfter - revisionBefore
  const holds = sent >= acknowledged && atLeast <= difference && difference <= atMost
  return { ...written, atLeast, atMost, holds }
}

/** When the later revision was read: `events` is how long the history was by then. */
export interface Span {
  readonly after: number
  readonly upTo: number
  readonly events: number
}

/**
 * What the workload beside the generator wrote between two revisions; it has only puts, each of
 * which says the revision that it made. Undefined while one that may be among them is unanswered:
 * sent after the later revision was read, a put cannot be.
 */
export function writtenBetween(
  history: History,
  { after, upTo, events }: Span,
): Others | undefined {
  const puts = operations(history).filter(
    ({ f, invokeIndex }) => f === 'put' && invokeIndex < events,
  )
  if (puts.some(({ completion }) => completion === undefined)) return undefined
  const within = ({ completion }: (typeof puts)[number]) =>
    (completion?.revision ?? 0) > after && (completion?.revision ?? 0) <= upTo
  return {
    acknowledged: puts.filter((put) => put.outcome === 'ok' && within(put)).length,
    unknown: puts.filter(({ outcome }) => outcome === 'info').length,
  }
}
