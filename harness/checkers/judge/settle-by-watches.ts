import { initialStoreOf } from '../../history/initial-store.ts'
import { operations } from '../../history/join.ts'
import type { Operation, OperationEvent } from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'
import { readStreams } from '../watch/read-streams.ts'
import { isOfEverything } from '../watch/scope.ts'
import type { WatchStream } from '../watch/stream.ts'
import { watchChecker } from '../watch.ts'
import { settleDeletes } from './settle-deletes.ts'
import { type Settled, settleOutcomes } from './settle-outcomes.ts'
import {
  countDeleters,
  deletedByTxn,
  leaseEndsOf,
  outcomeOfTxn,
  putId,
  type SettleFacts,
} from './settle-transaction.ts'

type Observed = SettleFacts['observed']

/**
 * The same evidence with unknown writes settled by the events that watchers received. A put or
 * compare-and-set happened when a watcher received its value: at that revision, some time before the
 * end (`settled` marks an outcome that the client did not receive). It changed nothing when no
 * watcher received its value and the watchers cover every revision. Then deletions are given to the
 * unknown deletes of their key, see `settleDeletes`. Any other unknown outcome stays unknown.
 *
 * Watchers count only when the `watch` checker finds them valid. Indexes of events stay the same.
 */
export function settleByWatches(evidence: CheckInput): CheckInput {
  if (evidence.watches === undefined) return evidence
  return watchChecker.check(evidence).verdict === 'valid' ? settleByValid(evidence) : evidence
}

/** The same where the `watch` checker has found the watchers valid. */
export function settleByValid(evidence: CheckInput): CheckInput {
  const { watches, history } = evidence
  if (watches === undefined || history.header.foreignWrites === true) return evidence
  const streams = readStreams(watches, () => {})
  const joined = operations(history)
  const observed = collectObserved(streams, spanOf(evidence))
  const leaseEnds = leaseEndsOf(joined)
  const facts: SettleFacts = {
    observed,
    counts: countWrites(joined),
    deleters: countDeleters(joined, leaseEnds),
    acknowledged: deletesAcknowledged(joined),
    leaseEnds,
  }
  const writes = settleOutcomes(evidence, (operation) => outcomeOf(operation, facts))
  const known = operations(writes.history)
  const deletes = settleDeletes(known, writes.history.events, {
    ...facts,
    acknowledged: deletesAcknowledged(known),
  })
  return settleOutcomes(writes, ({ invokeIndex }) => deletes.get(invokeIndex))
}

function outcomeOf({ f, invoke }: Operation, facts: SettleFacts): Settled | undefined {
  const { observed, counts } = facts
  if (f === 'txn') return outcomeOfTxn(invoke.value, facts)
  const id = writeOf(invoke)
  if (id === undefined || counts.get(id) !== 1) return undefined
  const revision = observed.puts.get(id)
  if (revision === undefined) return observed.isWhole ? { type: 'fail' } : undefined
  return { type: 'ok', revision, ...(f === 'cas' && { applied: true }) }
}

/** The revisions that the history's own requests can have created; none where that is not known. */
interface RevisionSpan {
  readonly from: number
  readonly until: number
}

function spanOf(evidence: CheckInput): RevisionSpan | undefined {
  const { history, watches } = evidence
  const initial = initialStoreOf(history.header)
  const until = lastRevision(evidence)
  if (initial !== undefined) return { from: initial.revision + 1, until }
  return watches?.header.fromEmpty === true ? { from: Number.POSITIVE_INFINITY, until } : undefined
}

function collectObserved(
  streams: readonly WatchStream[],
  span: RevisionSpan | undefined,
): Observed {
  const puts = new Map<string, number>()
  const deletes = new Map<string, Set<number>>()
  for (const { type, key, value, modRevision } of streams.flatMap(({ events }) => events)) {
    if (type === 'put') puts.set(putId(key, value), modRevision)
    else deletes.set(key, (deletes.get(key) ?? new Set()).add(modRevision))
  }
  return { puts, deletes, isWhole: span !== undefined && coverEveryRevision(streams, span) }
}

/** Without a gap from the first start, which is early enough, to the last known revision. */
function coverEveryRevision(
  streams: readonly WatchStream[],
  { from, until }: RevisionSpan,
): boolean {
  const whole = streams.filter(({ opening }) => isOfEverything(opening))
  const ascending = whole.toSorted((one, other) => one.start - other.start)
  const [first] = ascending
  if (first === undefined || first.start > from) return false
  let covered = first.start - 1
  for (const stream of ascending) {
    if (stream.start > covered + 1) break
    covered = Math.max(covered, stream.until)
  }
  return covered >= until
}

/** The last revision that an answer names; Infinity when an answer names none. */
function lastRevision({ history, final }: CheckInput): number {
  let last = 0
  for (const { type, revision } of history.events) {
    if (type === 'ok' && revision === undefined) return Number.POSITIVE_INFINITY
    last = Math.max(last, Number(revision ?? 0))
  }
  for (const { revision } of final?.members ?? []) last = Math.max(last, revision)
  return last
}

function writeOf({ f, key, value }: OperationEvent): string | undefined {
  if (f === 'put') return putId(key ?? '', value)
  return f === 'cas' && Array.isArray(value) ? putId(key ?? '', value[1]) : undefined
}

/** How often each value is written: a value that is written twice settles no request. */
function countWrites(joined: readonly Operation[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { invoke } of joined) {
    const ids = invoke.f === 'txn' ? putsOf(invoke.value) : [writeOf(invoke) ?? '']
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

function putsOf(txn: unknown): string[] {
  const branches = txn as Record<'then' | 'else', readonly (readonly string[])[]>
  return [...branches.then, ...branches.else]
    .filter(([what]) => what === 'put')
    .map(([, key = '', value]) => putId(key, value))
}

function deletesAcknowledged(joined: readonly Operation[]): Set<string> {
  const acknowledged = new Set<string>()
  for (const operation of joined) {
    const { f, outcome, invoke, completion } = operation
    if (outcome === 'ok' && f === 'txn')
      for (const id of deletedByTxn(operation)) acknowledged.add(id)
    if (f !== 'delete' || outcome !== 'ok' || !((completion?.deleted ?? 0) > 0)) continue
    acknowledged.add(`${completion?.revision} ${invoke.key ?? ''}`)
  }
  return acknowledged
}
