import type { CheckInput, MemberFinalState } from '../../../checkers/checker.ts'
import type { WatchEntry, WatchedEvent } from '../../../history/logs/watch.ts'
import {
  type HistoryEvent,
  isFault,
  isOperation,
  type OperationEvent,
} from '../../../history/operations.ts'

/**
 * Evidence cut at a moment without an open request or a fault in force: what windows of one run would
 * have left.
 */
export interface SplitEvidence {
  readonly before: CheckInput
  readonly after: CheckInput
}

/**
 * Cuts saved evidence at the first quiet moment after that share of its events. Watchers received
 * everything from an empty store, so that their events say what the store held at the cut.
 */
export function splitEvidence(input: CheckInput, share = 0.5): SplitEvidence {
  const { history, watches, leases } = input
  if (watches === undefined) throw new RangeError('Expected watches, got none')
  const at = quietIndex(history.events, Math.floor(history.events.length * share))
  const [first, second] = [history.events.slice(0, at), history.events.slice(at)]
  const revision = lastRevision(first)
  const keys = stateAt(watches.entries, revision)
  const cutNs = second[0]?.timeNs ?? 0
  const members = (input.final?.members ?? []).map(({ member }): MemberFinalState => {
    return { member, revision, keys, hash: null, hashRevision: revision }
  })
  const before: CheckInput = {
    history: { header: history.header, events: first },
    final: { members },
    watches: { ...watches, entries: entriesBefore(watches.entries, revision, cutNs) },
  }
  const after: CheckInput = {
    ...input,
    history: {
      header: { ...history.header, initial: { revision, kvs: keys, continues: true } },
      events: [...carriedFrom(first), ...second],
    },
    watches: {
      header: { ...watches.header, fromEmpty: false },
      entries: entriesAfter(watches.entries, revision, cutNs),
    },
    ...(leases && {
      leases: { ...leases, entries: leases.entries.filter(({ timeNs }) => timeNs >= cutNs) },
    }),
  }
  return { before, after }
}

function quietIndex(events: readonly HistoryEvent[], from: number): number {
  let open = 0
  for (const [index, event] of events.entries()) {
    if (isFault(event)) open += event.phase === 'begin' ? 1 : -1
    if (isOperation(event) && event.expiryOf === undefined) open += event.type === 'invoke' ? 1 : -1
    if (open === 0 && index >= from) return index + 1
  }
  throw new RangeError('Expected a quiet moment, got none')
}

function lastRevision(events: readonly HistoryEvent[]): number {
  return events.reduce(
    (last, event) => Math.max(last, Number(event.type === 'ok' ? event.revision : 0) || 0),
    0,
  )
}

function stateAt(entries: readonly WatchEntry[], revision: number): MemberFinalState['keys'] {
  const events = new Map<string, WatchedEvent>()
  for (const entry of entries) {
    if (entry.type !== 'events') continue
    for (const event of entry.events) events.set(`${event.modRevision} ${event.key}`, event)
  }
  const keys: Record<string, MemberFinalState['keys'][string]> = {}
  for (const event of [...events.values()].sort(
    (one, other) => one.modRevision - other.modRevision,
  )) {
    if (event.modRevision > revision) break
    if (event.type === 'delete') delete keys[event.key]
    else {
      const { value = '', modRevision, createRevision, version } = event
      keys[event.key] = {
        value,
        modRevision,
        createRevision,
        version,
      } as MemberFinalState['keys'][string]
    }
  }
  return keys
}

/** Unknown outcomes, as requests that are open when the next window begins. */
function carriedFrom(events: readonly HistoryEvent[]): OperationEvent[] {
  const open = new Map<number, OperationEvent>()
  const carried: OperationEvent[] = []
  for (const event of events) {
    if (!isOperation(event)) continue
    const invoked = open.get(event.process)
    if (event.type === 'invoke') open.set(event.process, event)
    else open.delete(event.process)
    if (event.type === 'info' && invoked !== undefined) carried.push(invoked)
  }
  return [...carried, ...open.values()].map((event) => ({ ...event, timeNs: 0 }))
}

function entriesBefore(entries: readonly WatchEntry[], revision: number, cutNs: number) {
  const isStillClosed = new Set<number>()
  return entries.filter((entry) => {
    if (entry.type === 'open' && entry.timeNs >= cutNs) isStillClosed.add(entry.stream)
    if (entry.type !== 'compaction' && isStillClosed.has(entry.stream)) return false
    return !isLater(entry, revision, cutNs)
  })
}

const isLater = (entry: WatchEntry, revision: number, cutNs: number): boolean =>
  entry.type === 'events'
    ? entry.events.some(({ modRevision }) => modRevision > revision)
    : entry.timeNs >= cutNs

/** Streams of before go on with the next revision; those that look back before the cut are left out. */
function entriesAfter(
  entries: readonly WatchEntry[],
  revision: number,
  cutNs: number,
): WatchEntry[] {
  const kept: WatchEntry[] = []
  const streams = new Set<number>()
  for (const entry of entries) {
    if (entry.type === 'compaction') {
      if (entry.timeNs >= cutNs) kept.push(entry)
      continue
    }
    if (entry.type === 'open' && entry.timeNs < cutNs) {
      if (entry.watcher !== undefined) continue
      streams.add(entry.stream)
      kept.push({ ...entry, startRevision: Math.max(revision + 1, entry.startRevision), timeNs: 0 })
    } else if (entry.type === 'open') {
      if (entry.startRevision <= revision) continue
      streams.add(entry.stream)
      kept.push(entry)
    } else if (streams.has(entry.stream) && isLater(entry, revision, cutNs)) kept.push(entry)
  }
  return kept
}
