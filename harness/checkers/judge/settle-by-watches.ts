import { operations } from '../../history/join.ts'
import type { History, HistoryEvent, Operation, OperationEvent } from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'
import { readStreams, type WatchStream } from '../watch/streams.ts'
import { watchChecker } from '../watch.ts'
import {
  countDeleters,
  deletedByTxn,
  isClaimed,
  outcomeOfTxn,
  putId,
  type Settled,
  type SettleFacts,
} from './settle-transaction.ts'

type Told = SettleFacts['told']

/**
 * The same evidence with unknown writes settled by what watchers were told. A put or
 * compare-and-set whose value a watcher saw happened, at that revision, some time before the end
 * (`settled` says that its client was not told).
 * One that none saw changed nothing, where the watchers together spoke for every revision; neither
 * did a delete where each deletion of its key is another's. What stays open stays unknown.
 *
 * Only watchers who are right (`watch`) are believed. Indexes into the events stay the same.
 */
export function settleByWatches(evidence: CheckInput): CheckInput {
  const { watches, history } = evidence
  if (watches === undefined || history.header.foreignWrites === true) return evidence
  if (watchChecker.check(evidence).verdict !== 'valid') return evidence
  const streams = readStreams(watches, () => {})
  const isFromEmpty = watches.header.fromEmpty === true
  const joined = operations(history)
  const told = gather(streams, isFromEmpty ? lastRevision(evidence) : Number.POSITIVE_INFINITY)
  return { ...evidence, history: settle(history, joined, told) }
}

function settle(history: History, joined: readonly Operation[], told: Told): History {
  const facts: SettleFacts = {
    told,
    counts: countWrites(joined),
    deleters: countDeleters(joined),
    acknowledged: deletesAcknowledged(joined),
  }
  const events: HistoryEvent[] = [...history.events]
  const lastOf = new Map<number, number>()
  history.events.forEach((event, index) => {
    if (event.type !== 'fault') lastOf.set((event as OperationEvent).process, index)
  })
  for (const operation of joined) {
    const { invoke, completion, process, f } = operation
    const index = lastOf.get(process) ?? -1
    if (operation.outcome !== 'info' || history.events[index] !== (completion ?? invoke)) continue
    const settled = outcomeOf(operation, facts)
    if (settled === undefined) continue
    // A fault of no name judges nothing, and keeps the indexes of all that follow.
    const { timeNs } = completion ?? invoke
    if (completion) events[index] = { type: 'fault', name: '', phase: 'begin', targets: [], timeNs }
    const key = invoke.key && { key: invoke.key }
    events.push({ ...settled, process, f, timeNs, ...key, settled: true })
  }
  return { header: history.header, events }
}

function outcomeOf({ f, invoke }: Operation, facts: SettleFacts): Settled | undefined {
  const { told, counts } = facts
  const key = invoke.key ?? ''
  if (f === 'txn') return outcomeOfTxn(invoke.value, facts)
  if (f === 'delete') return told.isWhole && isClaimed(key, facts) ? { type: 'fail' } : undefined
  const id = writeOf(invoke)
  if (id === undefined || counts.get(id) !== 1) return undefined
  const revision = told.puts.get(id)
  if (revision === undefined) return told.isWhole ? { type: 'fail' } : undefined
  return { type: 'ok', revision, ...(f === 'cas' && { applied: true }) }
}

function gather(streams: readonly WatchStream[], until: number): Told {
  const puts = new Map<string, number>()
  const deletes = new Map<string, Set<number>>()
  for (const { type, key, value, modRevision } of streams.flatMap(({ events }) => events)) {
    if (type === 'put') puts.set(putId(key, value), modRevision)
    else deletes.set(key, (deletes.get(key) ?? new Set()).add(modRevision))
  }
  return { puts, deletes, isWhole: speakForAll(streams, until) }
}

/** Without a gap from the first start to the last revision that is known of. */
function speakForAll(streams: readonly WatchStream[], until: number): boolean {
  const ascending = streams.toSorted((one, other) => one.start - other.start)
  let spokenFor = (ascending[0]?.start ?? Number.POSITIVE_INFINITY) - 1
  for (const stream of ascending) {
    if (stream.start > spokenFor + 1) break
    spokenFor = Math.max(spokenFor, stream.until)
  }
  return spokenFor >= until
}

/** Of which anybody was told anything; Infinity where an answer does not say what it is of. */
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

/** A transaction's puts are not counted: their values must not be settled by it. */
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
