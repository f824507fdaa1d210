import { lowerBound } from '../../core/lower-bound.ts'
import { operations } from '../../history/join.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import type { History } from '../../history/operations.ts'
import { mayBeStale } from '../../history/stale.ts'
import { newestOf } from './newest-of.ts'
import type { WatchStream } from './stream.ts'
import type { ReportViolation } from './violation.ts'

/** What linearizable answers say of the store's revision at each moment. */
export interface StoreBound {
  /** The store had no newer revision then; Infinity when no later request was answered. */
  revisionBy(timeNs: number): number
}

/** A linearizable request that was sent later answers no older revision. */
export function boundStore(history: History): StoreBound {
  const answers = operations(history)
    .flatMap(({ outcome, invoke, completion }) => {
      const revision = completion?.settled === true ? undefined : completion?.revision
      const tells = outcome === 'ok' && revision !== undefined && !mayBeStale(invoke)
      return tells ? [{ sentNs: invoke.timeNs, revision }] : []
    })
    .sort((one, other) => one.sentNs - other.sentNs)
  const sent = Float64Array.from(answers, ({ sentNs }) => sentNs)
  const least = Float64Array.from(answers, ({ revision }) => revision)
  for (let at = least.length - 2; at >= 0; at--) {
    least[at] = Math.min(least[at] ?? Infinity, least[at + 1] ?? Infinity)
  }
  return { revisionBy: (timeNs) => least[lowerBound(sent, timeNs + 1)] ?? Infinity }
}

const namesOf = {
  created: 'the creation of a watch',
  bookmark: 'a bookmark',
  events: 'a response with events',
} as const

/** No event, and no header of a watch's response, is newer than the store was when it arrived. */
export function judgeAhead(
  { header, entries }: WatchLog,
  streams: readonly WatchStream[],
  { revisionBy }: StoreBound,
  report: ReportViolation,
): void {
  const members = new Map(streams.map(({ id, member }) => [id, member]))
  for (const entry of entries) {
    const { type } = entry
    if (type !== 'created' && type !== 'bookmark' && type !== 'events') continue
    const shown = type === 'bookmark' || header.recordsResponses === true ? entry.revision : 0
    const revision = Math.max(shown, type === 'events' ? newestOf(entry.events) : 0)
    const bound = revisionBy(entry.timeNs)
    if (revision <= bound) continue
    const text = `${namesOf[type]} at revision ${revision} came when the store was at ${bound} at most`
    report({
      guarantee: 'behind the store',
      member: members.get(entry.stream) ?? '',
      revision,
      text,
    })
  }
}
