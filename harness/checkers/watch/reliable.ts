import { lowerBound } from '../../core/lower-bound.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import type { Changes } from './changes.ts'
import { formatWatchEvent } from './format-event.ts'
import { proxyLosses } from './proxy-losses.ts'
import { isWatched } from './scope.ts'
import type { WatchStream } from './stream.ts'
import type { LostRevisions } from './values.ts'
import type { ReportViolation } from './violation.ts'

/**
 * Every change from a stream's start to the last revision that it covers is in it. Returns those that a
 * proxy lost.
 */
export function judgeReliable(
  watches: WatchLog,
  streams: readonly WatchStream[],
  changes: Changes,
  report: ReportViolation,
): LostRevisions {
  const findProxyLoss = proxyLosses(watches, streams, changes)
  const lost = new Map<WatchStream, number[]>()
  for (const { stream, revision, key, value, shownBy } of missingIn(streams, changes)) {
    const { member } = stream
    const event = formatWatchEvent({
      type: value === null ? 'delete' : 'put',
      key,
      value: value ?? '',
      modRevision: revision,
    })
    const piece = findProxyLoss({ stream, revision, key })
    if (piece === undefined) {
      const text = `${event} is missing; ${shownBy} shows it`
      report({ guarantee: 'reliable', member, revision, text })
      continue
    }
    const own = lost.get(stream) ?? []
    lost.set(stream, own)
    own.push(revision)
    const text = `${event} is missing after a piece of old events up to ${piece.until}, headed ${piece.claimed}; ${shownBy} shows it, and a watcher at a member has it`
    report({ guarantee: 'reliable behind a proxy', member, revision, text })
  }
  return lost
}

/** Of each stream in ascending order. */
function* missingIn(streams: readonly WatchStream[], changes: Changes) {
  const ascending = [...changes.keys()].sort((one, other) => one - other)
  for (const stream of streams) {
    const { start, until, events, opening } = stream
    const received = new Set(events.map(({ modRevision, key }) => `${modRevision} ${key}`))
    for (let at = lowerBound(ascending, start); (ascending[at] ?? Infinity) <= until; at++) {
      const revision = ascending[at] ?? 0
      for (const change of changes.get(revision)?.values() ?? []) {
        const { key, value } = change
        const type = value === null ? 'delete' : 'put'
        if (received.has(`${revision} ${key}`) || !isWatched(opening, { type, key })) continue
        yield { ...change, stream, revision }
      }
    }
  }
}
