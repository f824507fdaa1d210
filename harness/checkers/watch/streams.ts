import type { StreamEntry, WatchedEvent, WatchLog, WatchOpening } from '../../history/logs/watch.ts'
import { shorten } from '../verdict/format.ts'
import { newestOf } from './newest-of.ts'
import { isWatched } from './scope.ts'

/** What one stream of one watcher received: every change that it watches in `start` to `until`. */
export interface WatchStream {
  readonly id: number
  readonly member: string
  /** The streams of one watcher, in order, are one; absent = the member's own. */
  readonly watcher: string | undefined
  readonly start: number
  /** What it asked for: every key, or less. */
  readonly opening: WatchOpening
  /** The last revision that it covers, by an event or a bookmark; `start` - 1 = none. */
  until: number
  readonly events: WatchedEvent[]
  /** By event: the newest revision that any client had requested to compact when it came. */
  readonly compacted: number[]
}

/** Each guarantee that a watch may break, with the code of breaking it. */
export const codeOf = {
  ordered: 'event-out-of-order',
  unique: 'event-duplicated',
  atomic: 'revision-split',
  reliable: 'event-missing',
  'without a gap': 'stream-gap',
  'cancelled by a compaction': 'compaction-not-requested',
  'cancelled for a reason': 'cancelled-without-reason',
  'behind the store': 'ahead-of-store',
  'as new as its events': 'header-behind-events',
  resumable: 'event-before-start',
  bookmarkable: 'event-after-bookmark',
  'previous value': 'wrong-previous-value',
  'created or modified': 'wrong-creation-or-version',
  'same for all': 'watchers-disagree',
  'only what was written': 'unwritten-event',
  'only what was asked for': 'event-not-asked-for',
  'limited to its own responses': 'response-of-other-watch',
  'limited to whole responses': 'fragment-not-asked-for',
} as const

type Guarantee = keyof typeof codeOf

export interface WatchViolation {
  readonly guarantee: Guarantee
  readonly member: string
  readonly revision: number
  readonly text: string
}

export type ReportViolation = (found: WatchViolation) => void

interface Progress {
  readonly stream: WatchStream
  readonly seen: Set<string>
  /** Of the last response with events. */
  last: number
  bookmark: number
  /** Of its cancellation: older revisions are gone. */
  compactRevision: number
  /** It delivered an event or a bookmark: its creation was not refused. */
  hasDelivered: boolean
}

/** Compactions that were requested so far; Infinity when the log does not have them. */
interface Compactions {
  requested: number
  /** They may cancel a watcher for what another one had still to receive. */
  readonly areShared: boolean
}

/** Reads every stream and judges what needs no other one: the order of its events. */
export function readStreams({ header, entries }: WatchLog, report: ReportViolation): WatchStream[] {
  const progress = new Map<number, Progress>()
  const latest = new Map<string, Progress>()
  const compactions = {
    requested: header.recordsCompactions === true ? 0 : Infinity,
    areShared: header.sharesWatches === true,
  }
  const isExact = header.recordsResponses === true
  for (const entry of entries) {
    if (entry.type === 'compaction') {
      compactions.requested = Math.max(compactions.requested, entry.revision)
      continue
    }
    if (entry.type === 'open') {
      const started = startProgress(entry)
      progress.set(entry.stream, started)
      const watcher = JSON.stringify([entry.member, entry.watcher])
      judgeResumption(started.stream, latest.get(watcher), report)
      latest.set(watcher, started)
    }
    const known = progress.get(entry.stream)
    if (known === undefined) throw new RangeError(`Expected stream ${entry.stream} to be open`)
    if (entry.type === 'open' || entry.type === 'closed') continue
    judgeAddress(known.stream, entry, report)
    if (entry.type === 'events') {
      if (isExact) judgeHeader(known.stream, entry, report)
      readEvents(known, entry.events, compactions, report)
    }
    if (entry.type === 'bookmark') readBookmark(known, entry.revision, report)
    if (entry.type === 'canceled') {
      if (isExact) judgeReason(known, entry, report)
      readCancel(known, entry.compactRevision, compactions, report)
    }
    if (entry.type === 'events' || entry.type === 'bookmark') known.hasDelivered = true
  }
  return [...progress.values()].map(({ stream }) => stream)
}

/** Each watcher has a stream of its own, and asks for whole responses. */
function judgeAddress(
  { member, until }: WatchStream,
  entry: Exclude<StreamEntry, { readonly type: 'open' | 'closed' }>,
  report: ReportViolation,
): void {
  const { otherWatch, fragment } = entry
  const reportEntry = (guarantee: Guarantee, what: string) =>
    report({ guarantee, member, revision: until, text: `${entry.type} after ${until} ${what}` })
  if (otherWatch !== undefined) {
    reportEntry(
      'limited to its own responses',
      `came for watch ${otherWatch}, which the stream has not`,
    )
  }
  if (fragment === true) {
    reportEntry('limited to whole responses', 'was marked as a fragment')
  }
}

function startProgress(opening: WatchOpening): Progress {
  const { stream: id, member, watcher, startRevision: start } = opening
  const stream = { id, member, watcher, start, opening, until: start - 1 }
  const whole = { ...stream, events: [], compacted: [] }
  return {
    stream: whole,
    seen: new Set(),
    last: 0,
    bookmark: 0,
    compactRevision: 0,
    hasDelivered: false,
  }
}

/** The revision in a response's header is the store's: no event of the response is newer. */
function judgeHeader(
  { member }: WatchStream,
  { revision, events }: Extract<StreamEntry, { readonly type: 'events' }>,
  report: ReportViolation,
): void {
  const newest = newestOf(events)
  if (revision >= newest) return
  const text = `events up to revision ${newest} came with the header's revision ${revision}`
  report({ guarantee: 'as new as its events', member, revision: newest, text })
}

/**
 * etcd ends a watch that runs for a compaction, or because its client asks for it, which no watcher
 * does. A refused creation may have no reason in old versions.
 */
function judgeReason(
  { stream: { member, until }, hasDelivered }: Progress,
  { compactRevision, reason }: Extract<StreamEntry, { readonly type: 'canceled' }>,
  report: ReportViolation,
): void {
  if (compactRevision > 0 || reason !== '' || !hasDelivered) return
  const text = `it was cancelled after revision ${until}, without a compaction or another reason`
  report({ guarantee: 'cancelled for a reason', member, revision: until, text })
}

/** A watcher goes on where its last stream ended, or after what a compaction took from it. */
function judgeResumption(
  { member, start }: WatchStream,
  before: Progress | undefined,
  report: ReportViolation,
): void {
  if (before === undefined) return
  const next = Math.max(before.stream.until + 1, before.compactRevision)
  if (start <= next) return
  const text = `a stream began at revision ${start} after one that ended before ${next}`
  report({ guarantee: 'without a gap', member, revision: next, text })
}

/** etcd cancels a watch for a compaction that took revisions which it had still to send. */
function readCancel(
  known: Progress,
  compactRevision: number,
  { requested, areShared }: Compactions,
  report: ReportViolation,
): void {
  if (compactRevision <= 0) return
  const { member, until } = known.stream
  known.compactRevision = Math.min(compactRevision, requested)
  const reportCancel = (text: string) =>
    report({ guarantee: 'cancelled by a compaction', member, revision: compactRevision, text })
  if (compactRevision > requested) {
    const most = requested === 0 ? 'none' : `${requested} at most`
    reportCancel(`it was cancelled by a compaction at ${compactRevision}, requested was ${most}`)
  } else if (compactRevision <= until && !areShared) {
    reportCancel(`it was cancelled by a compaction at ${compactRevision}, and had sent ${until}`)
  }
}

function readEvents(
  known: Progress,
  events: readonly WatchedEvent[],
  { requested }: Compactions,
  report: ReportViolation,
): void {
  const { stream, seen, last, bookmark } = known
  let before = last
  for (const event of events) {
    const { key, modRevision: revision } = event
    const reportEvent = (guarantee: Guarantee, what: string) =>
      report({
        guarantee,
        member: stream.member,
        revision,
        text: `${formatWatchEvent(event)} ${what}`,
      })
    const id = `${revision} ${key}`
    if (seen.has(id)) reportEvent('unique', 'was sent twice')
    else if (revision < before) reportEvent('ordered', `came after revision ${before}`)
    else if (revision === last)
      reportEvent('atomic', 'came in another response than the rest of its revision')
    else if (revision <= bookmark)
      reportEvent('bookmarkable', `came after a bookmark at ${bookmark}`)
    else if (revision < stream.start)
      reportEvent('resumable', `came, expected nothing before revision ${stream.start}`)
    if (!isWatched(stream.opening, event)) {
      reportEvent('only what was asked for', 'came to a watcher that had not asked for it')
    }
    if (!seen.has(id)) {
      stream.events.push(event)
      stream.compacted.push(requested)
    }
    seen.add(id)
    before = Math.max(before, revision)
  }
  known.last = before
  stream.until = Math.max(stream.until, before)
}

function readBookmark(known: Progress, revision: number, report: ReportViolation): void {
  const { stream, last, bookmark } = known
  if (revision < Math.max(last, bookmark)) {
    const text = `a bookmark at ${revision} came after revision ${Math.max(last, bookmark)}`
    report({ guarantee: 'bookmarkable', member: stream.member, revision, text })
  }
  known.bookmark = Math.max(known.bookmark, revision)
  known.stream.until = Math.max(known.stream.until, revision)
}

/** For a reason; the evidence has the event whole. */
export function formatWatchEvent({
  type,
  key,
  value,
  modRevision,
}: Pick<WatchedEvent, 'type' | 'key' | 'value' | 'modRevision'>): string {
  const name = shorten(key)
  const what = type === 'put' ? `put ${name}=${shorten(value ?? '')}` : `delete ${name}`
  return `${what} at revision ${modRevision}`
}
