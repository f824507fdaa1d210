import { operations } from '../history/join.ts'
import { classOf } from '../history/operation-class.ts'
import type { History, Operation } from '../history/operations.ts'
import type { Transaction } from '../history/request.ts'

/** etcd's revision before and after, each read linearizably, and the writes between them. */
export interface Written {
  readonly revisionBefore: number
  readonly revisionAfter: number
  /** Revisions that the generator's requests created: equal when no outcome is unknown. */
  readonly created: { readonly atLeast: number; readonly atMost: number }
  /** Unknown writes of earlier runs, which may take effect only now. */
  readonly unsettled: number
  /** Other clients' writes between the two revisions. */
  readonly others: Others
}

/** Writes of clients that are not the generator's. */
export interface Others {
  /** Certainly within. */
  readonly acknowledged: number
  /** Perhaps. */
  readonly unknown: number
}

/** The counts, the bounds that follow from them, and whether etcd's revisions lie within. */
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
  const { revisionBefore, revisionAfter, created, unsettled, others } = written
  const atLeast = created.atLeast + others.acknowledged
  const atMost = created.atMost + unsettled + others.acknowledged + others.unknown
  const difference = revisionAfter - revisionBefore
  const holds = created.atLeast <= created.atMost && atLeast <= difference && difference <= atMost
  return { ...written, atLeast, atMost, holds }
}

/** Between two revisions; `events` is the history's length when the later one was read. */
export interface Span {
  readonly after: number
  readonly upTo: number
  readonly events: number
}

/**
 * The writes of the workload beside the generator between two revisions. Undefined while one that
 * was sent before the later revision was read is unanswered: it may be among them.
 */
export function writtenBetween(
  history: History,
  { after, upTo, events }: Span,
): Others | undefined {
  const writes = operations(history).filter(
    ({ invoke, invokeIndex }) => classOf(invoke) === 'write' && invokeIndex < events,
  )
  if (writes.some(({ completion }) => completion === undefined)) return undefined
  const within = ({ completion }: Operation) =>
    (completion?.revision ?? 0) > after && (completion?.revision ?? 0) <= upTo
  return {
    acknowledged: writes.filter((one) => createsRevision(one) && within(one)).length,
    unknown: writes.filter(({ outcome }) => outcome === 'info').length,
  }
}

/** A delete that finds nothing and a branch that changes nothing answer with another's revision. */
function createsRevision({ f, outcome, invoke, completion }: Operation): boolean {
  if (outcome !== 'ok') return false
  const { deleted = 0, applied, value } = completion ?? {}
  if (f === 'delete') return deleted > 0
  if (f !== 'txn') return f === 'put' || applied === true
  const steps = (invoke.value as Transaction)[applied === true ? 'then' : 'else']
  const results = Array.isArray(value) ? value : []
  return steps.some(([what], at) => what === 'put' || (what === 'delete' && results[at] === 1))
}
