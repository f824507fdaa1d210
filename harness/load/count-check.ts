import { operations } from '../history/join.ts'
import type { History } from '../history/operations.ts'

/** etcd's revision before and after, each read linearizably, and the writes between them. */
export interface Written {
  readonly revisionBefore: number
  readonly revisionAfter: number
  readonly sent: number
  readonly acknowledged: number
  /** Unknown writes of earlier runs, which may take effect only now. */
  readonly unsettled: number
  /** Other clients' writes between the two revisions. */
  readonly others: Others
}

export interface Others {
  /** Certainly within. */
  readonly acknowledged: number
  /** Perhaps. */
  readonly unknown: number
}

export interface CountCheck extends Written {
  /** Bounds of the difference of the revisions: each put creates one. */
  readonly atLeast: number
  readonly atMost: number
  readonly holds: boolean
}

/**
 * Compares a generator's count with etcd's revisions: every acknowledged write created one, and
 * only writes that were sent did.
 */
export function checkCount(written: Written): CountCheck {
  const { revisionBefore, revisionAfter, sent, acknowledged, unsettled, others } = written
  const atLeast = acknowledged + others.acknowledged
  const atMost = sent + unsettled + others.acknowledged + others.unknown
  const difference = revisionAfter - revisionBefore
  const holds = sent >= acknowledged && atLeast <= difference && difference <= atMost
  return { ...written, atLeast, atMost, holds }
}

/** Between two revisions; `events` is the history's length when the later one was read. */
export interface Span {
  readonly after: number
  readonly upTo: number
  readonly events: number
}

/**
 * The puts of the workload beside the generator between two revisions. Undefined while a put that
 * was sent before the later revision was read is unanswered: it may be among them.
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
