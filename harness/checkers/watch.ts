import { initialStoreOf } from '../history/initial-store.ts'
import type { WatchLog } from '../history/logs/watch.ts'
import type { Checker, CheckInput, Verdict } from './checker.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { unknownVerdict } from './verdict/unknown.ts'
import { acknowledgedChanges, collectChanges, possibleWrites, writeId } from './watch/changes.ts'
import { formatWatchEvent } from './watch/format-event.ts'
import { readStreams } from './watch/read-streams.ts'
import { judgeReliable } from './watch/reliable.ts'
import { boundStore, judgeAhead } from './watch/store-bound.ts'
import type { WatchStream } from './watch/stream.ts'
import { judgeValues } from './watch/values.ts'
import { codeOf, type ReportViolation, type WatchViolation } from './watch/violation.ts'

const name = 'watch'
const mostShown = 20

/**
 * Proves, of every watcher that was recorded: its events are ordered by revision, unique and atomic
 * (a revision comes whole, in one response); reliable (nothing is missing between where a stream
 * starts and the last revision it covers, by the acknowledged writes and by what other watchers
 * received); resumable (nothing older than the revision asked for); bookmarkable (nothing up to a
 * bookmark comes after it); previous values, creation and versions are right; all watchers receive
 * the same, and nothing that they had not asked for; and, unless other clients write too, nothing
 * that no client requested; the streams of one watcher have no gap between them; nothing is newer than
 * the store, nor than the revision in its header; none ends without a reason; and where the log has
 * every compaction, none is believed that no client requested.
 * Does not prove: that events come soon, or what a stream had not delivered when it ended; that an
 * unknown write which no watcher received did not happen; anything across a compaction that overtook
 * a watcher; fragments and several watches on one stream, which the watchers do not ask for: a response
 * that has either is a violation.
 *
 * The guarantees are those of etcd's API page (watch APIs).
 */
export const watchChecker: Checker = { name, codes: Object.values(codeOf), check: checkWatch }

function checkWatch({ history, watches, final }: CheckInput): Verdict {
  if (watches === undefined || watches.entries.length === 0) {
    return unknownVerdict(name, 'no watcher was recorded')
  }
  const found: WatchViolation[] = []
  const report: ReportViolation = (one) => found.push(one)
  const streams = readStreams(watches, report)
  const written = acknowledgedChanges(history)
  const changes = collectChanges(streams, written, report)
  const lost = judgeReliable(watches, streams, changes, report)
  judgeAhead(watches, streams, boundStore(history), report)
  const compactions = (final?.members ?? []).map(({ compactRevision = 0 }) => compactRevision)
  const compacted = final === undefined ? Number.POSITIVE_INFINITY : Math.max(0, ...compactions)
  const initial = initialStoreOf(history.header)
  judgeValues(streams, { header: watches.header, initial, compacted, lost }, report)
  if (history.header.foreignWrites !== true) {
    judgeWritten(streams, possibleWrites(history), report)
  }
  if (found.length > 0) return violationVerdict(found, countFacts(streams))
  return conclude(watches, streams)
}

function judgeWritten(
  streams: readonly WatchStream[],
  possible: ReadonlySet<string>,
  report: ReportViolation,
): void {
  for (const { member, events } of streams) {
    for (const event of events) {
      const { type, key, value = '', modRevision: revision } = event
      if (possible.has(writeId([key, type === 'put' ? value : null]))) continue
      const text = `${formatWatchEvent(event)} was requested by no client`
      report({ guarantee: 'only what was written', member, revision, text })
    }
  }
}

function violationVerdict(found: readonly WatchViolation[], factsJudged: number): Verdict {
  const [first] = found as [WatchViolation]
  const more = found.length > 1 ? `; ${found.length - 1} more` : ''
  const guarantees = [...new Set(found.map(({ guarantee }) => guarantee))]
  return invalidVerdict(name, {
    code: codeOf[first.guarantee],
    codes: guarantees.map((guarantee) => codeOf[guarantee]),
    reason: `a watch at ${first.member} is not ${formatGuarantee(first)}: ${first.text}${more}`,
    factsJudged,
    evidence: { guarantees, violations: found.slice(0, mostShown), found: first.text },
  })
}

function formatGuarantee({ guarantee }: WatchViolation): string {
  const others: Partial<Record<WatchViolation['guarantee'], string>> = {
    'previous value': 'right about the previous value',
    'created or modified': 'right about what was created or modified',
    'same for all': 'the same as another one',
    'reliable behind a proxy': 'reliable, for its proxy lost events',
    'only what was written': 'limited to what was written',
    'cancelled by a compaction': 'cancelled only by what a client requested to compact',
    'cancelled for a reason': 'cancelled only for a reason',
    'as new as its events': 'headed by the revision of the store',
    'only what was asked for': 'limited to what it asked for',
  }
  return others[guarantee] ?? guarantee
}

const countFacts = (streams: readonly WatchStream[]) =>
  streams.reduce((sum, { events }) => sum + events.length, 0)

/** A watcher that received nothing proves nothing; one that started late may have had no time. */
function conclude({ entries }: WatchLog, streams: readonly WatchStream[]): Verdict {
  const own = streams.filter(({ watcher }) => watcher === undefined)
  const direct = streams.filter(({ opening }) => opening.direct === true).length
  const byMember = Map.groupBy(own, ({ member }) => member)
  const silent = [...byMember].filter(([, mine]) => mine.every(({ events }) => events.length === 0))
  const factsJudged = countFacts(streams)
  const bookmarks = entries.filter(({ type }) => type === 'bookmark').length
  const late = streams.length - own.length - direct
  const evidence = {
    watchers: byMember.size,
    streams: streams.length,
    late,
    ...(direct > 0 && { direct }),
    events: factsJudged,
    bookmarks,
  }
  if (silent.length === 0) return { checker: name, verdict: 'valid', factsJudged, evidence }
  const reason = `the watcher of ${silent.map(([member]) => member).join(', ')} received nothing`
  return { ...unknownVerdict(name, reason, { factsJudged }), evidence }
}
