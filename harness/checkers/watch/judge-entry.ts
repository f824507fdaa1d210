import type { StreamEntry } from '../../history/logs/watch.ts'
import { newestOf } from './newest-of.ts'
import type { StreamProgress, WatchStream } from './stream.ts'
import type { Guarantee, ReportViolation } from './violation.ts'

/** Each watcher has a stream of its own, and asks for whole responses. */
export function judgeAddress(
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

/** The revision in a response's header is the store's: no event of the response is newer. */
export function judgeHeader(
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
export function judgeReason(
  { stream: { member, until }, hasDelivered }: StreamProgress,
  { compactRevision, reason }: Extract<StreamEntry, { readonly type: 'canceled' }>,
  report: ReportViolation,
): void {
  if (compactRevision > 0 || reason !== '' || !hasDelivered) return
  const text = `it was cancelled after revision ${until}, without a compaction or another reason`
  report({ guarantee: 'cancelled for a reason', member, revision: until, text })
}

/** A watcher goes on where its last stream ended, or after what a compaction took from it. */
export function judgeResumption(
  { member, start }: WatchStream,
  before: StreamProgress | undefined,
  report: ReportViolation,
): void {
  if (before === undefined) return
  const next = Math.max(before.stream.until + 1, before.compactRevision)
  if (start <= next) return
  const text = `a stream began at revision ${start} after one that ended before ${next}`
  report({ guarantee: 'without a gap', member, revision: next, text })
}
