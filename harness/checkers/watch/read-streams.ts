import type { WatchedEvent, WatchLog, WatchOpening } from '../../history/logs/watch.ts'
import { formatWatchEvent } from './format-event.ts'
import { judgeAddress, judgeHeader, judgeReason, judgeResumption } from './judge-entry.ts'
import { isWatched } from './scope.ts'
import type { StreamProgress, WatchStream } from './stream.ts'
import type { Guarantee, ReportViolation } from './violation.ts'

/** Compactions that were requested so far; Infinity when the log does not have them. */
interface Compactions {
  requested: number
  /** They may cancel a watcher for what another one had still to receive. */
  readonly areShared: boolean
}

/** Reads every stream and judges what needs no other one: the order of its events. */
export function readStreams({ header, entries }: WatchLog, report: ReportViolation): WatchStream[] {
  const progress = new Map<number, StreamProgress>()
  const latest = new Map<string, StreamProgress>()
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

function startProgress(opening: WatchOpening): StreamProgress {
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

/** etcd cancels a watch for a compaction that took revisions which it had still to send. */
function readCancel(
  known: StreamProgress,
  compactRevision: number,
  { requested, areShared }: Compactions,
  report: ReportViolation,
): void {
  if (compactRevision <= 0) return
  const { member, until, opening } = known.stream
  known.compactRevision = Math.min(compactRevision, requested)
  const reportCancel = (text: string) =>
    report({ guarantee: 'cancelled by a compaction', member, revision: compactRevision, text })
  if (compactRevision > requested) {
    const most = requested === 0 ? 'none' : `${requested} at most`
    reportCancel(`it was cancelled by a compaction at ${compactRevision}, requested was ${most}`)
  } else if (compactRevision <= until && (!areShared || opening.direct === true)) {
    reportCancel(`it was cancelled by a compaction at ${compactRevision}, and had sent ${until}`)
  }
}

function readEvents(
  known: StreamProgress,
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

function readBookmark(known: StreamProgress, revision: number, report: ReportViolation): void {
  const { stream, last, bookmark } = known
  if (revision < Math.max(last, bookmark)) {
    const text = `a bookmark at ${revision} came after revision ${Math.max(last, bookmark)}`
    report({ guarantee: 'bookmarkable', member: stream.member, revision, text })
  }
  known.bookmark = Math.max(known.bookmark, revision)
  known.stream.until = Math.max(known.stream.until, revision)
}
