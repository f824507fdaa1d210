import type { WatchEntry, WatchedEvent, WatchLog } from '../../history/watch-log.ts'
import { shorten } from '../verdict/format.ts'

/** What one stream of one watcher was told: everything in `start` to `until` should be in it. */
export interface WatchStream {
  readonly id: number
  readonly member: string
  /** The streams of one watcher, in order, are one; absent = the member's own. */
  readonly watcher: string | undefined
  readonly start: number
  /** The last revision it spoke for, by an event or a bookmark; `start` - 1 = none. */
  until: number
  readonly events: WatchedEvent[]
}

/** Each guarantee that a watch may break, with the code of breaking it. */
export const codeOf = {
  ordered: 'event-out-of-order',
  unique: 'event-duplicated',
  atomic: 'revision-split',
  reliable: 'event-missing',
  resumable: 'event-before-start',
  bookmarkable: 'event-after-bookmark',
  'previous value': 'wrong-previous-value',
  'created or modified': 'wrong-creation-or-version',
  'same for all': 'watchers-disagree',
  'only what was written': 'unwritten-event',
} as const

export type Guarantee = keyof typeof codeOf

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
}

/** Reads every stream and judges what can be told from it alone: the order of what it said. */
export function readStreams({ entries }: WatchLog, report: ReportViolation): WatchStream[] {
  const progress = new Map<number, Progress>()
  for (const entry of entries) {
    if (entry.type === 'open') progress.set(entry.stream, begin(entry))
    const known = progress.get(entry.stream)
    if (known === undefined) throw new RangeError(`Expected stream ${entry.stream} to be open`)
    if (entry.type === 'events') readEvents(known, entry.events, report)
    if (entry.type === 'bookmark') readBookmark(known, entry.revision)
  }
  return [...progress.values()].map(({ stream }) => stream)
}

function begin(entry: WatchEntry & { type: 'open' }): Progress {
  const { stream: id, member, watcher, startRevision: start } = entry
  const stream = { id, member, watcher, start, until: start - 1, events: [] }
  return { stream, seen: new Set(), last: 0, bookmark: 0 }
}

function readEvents(
  known: Progress,
  events: readonly WatchedEvent[],
  report: ReportViolation,
): void {
  const { stream, seen, last, bookmark } = known
  let before = last
  for (const event of events) {
    const { key, modRevision: revision } = event
    const say = (guarantee: Guarantee, what: string) =>
      report({
        guarantee,
        member: stream.member,
        revision,
        text: `${formatWatchEvent(event)} ${what}`,
      })
    const id = `${revision} ${key}`
    if (seen.has(id)) say('unique', 'was sent twice')
    else if (revision < before) say('ordered', `came after revision ${before}`)
    else if (revision === last) say('atomic', 'came apart from the rest of its revision')
    else if (revision <= bookmark) say('bookmarkable', `came after a bookmark of ${bookmark}`)
    else if (revision < stream.start) say('resumable', `came though asked from ${stream.start}`)
    if (!seen.has(id)) stream.events.push(event)
    seen.add(id)
    before = Math.max(before, revision)
  }
  known.last = before
  stream.until = Math.max(stream.until, before)
}

function readBookmark(known: Progress, revision: number): void {
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
