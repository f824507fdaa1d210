import { lowerBound } from '../../core/lower-bound.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import type { Changes } from './changes.ts'
import { newestOf } from './newest-of.ts'
import { isWatched } from './scope.ts'
import type { WatchStream } from './stream.ts'

/** An event that a watcher lacks. */
interface Missing {
  readonly stream: WatchStream
  readonly revision: number
  readonly key: string
}

/** Old events up to a revision, in a response whose header claims that they are all up to another. */
interface OldPiece {
  readonly until: number
  readonly claimed: number
}

/** The piece after which the proxy moved the watcher; undefined = nothing shows that it is the proxy's loss. */
type FindProxyLoss = (missing: Missing) => OldPiece | undefined

/** etcd sends old events in pieces of so many revisions (`watchBatchMaxRevs` of its watcher_group.go). */
const pieceRevisions = 1_000

/**
 * Which missing events a gRPC proxy lost (etcd-io/etcd#9988), by its source in every version from 3.3 to
 * 3.7. A member that sends a watch old events names in each piece's header the store's present revision
 * (`syncWatchers` of watchable_store.go). The proxy takes that for how far the watch is (`bcast` of
 * watch_broadcast.go), and moves its watchers to another watch of the same keys that is not ahead of it
 * (`coalesce` of watch_broadcasts.go), though that one had sent already what was still to come.
 *
 * So what it loses lies after a whole piece at the same door, up to the revision which that one claims,
 * and the watcher receives nothing in between. Members did send it: a watcher at a member received it.
 * Anything else that is missing is no work of the proxy's.
 */
export function proxyLosses(
  { header, entries }: WatchLog,
  streams: readonly WatchStream[],
  changes: Changes,
): FindProxyLoss {
  if (header.sharesWatches !== true) return () => undefined
  const shown = new Set(streams.filter(isDirect).flatMap(({ events }) => events.map(idOf)))
  const arrivals = arrivalsOf(entries)
  const piecesOf = (door: string) =>
    streams
      .filter((stream) => stream.member === door && !isDirect(stream))
      .flatMap((stream) => wholePieces(stream, arrivals.get(stream.id) ?? [], changes))
  const pieces = new Map<string, readonly WholePiece[]>()
  const revisions = new Map<WatchStream, readonly number[]>()
  return ({ stream, revision, key }) => {
    const { member } = stream
    if (isDirect(stream) || !shown.has(idOf({ modRevision: revision, key }))) return undefined
    const ofDoor = pieces.get(member) ?? piecesOf(member)
    pieces.set(member, ofDoor)
    const received = revisions.get(stream) ?? stream.events.map(({ modRevision }) => modRevision)
    revisions.set(stream, received)
    const before = received[lowerBound(received, revision + 1) - 1] ?? 0
    const closedAt = closingOf(arrivals.get(stream.id) ?? [], revision)
    return ofDoor.find(
      ({ at, until, claimed, of }) =>
        at < closedAt &&
        before <= until &&
        until < revision &&
        revision <= claimed &&
        isSameRange(of, stream),
    )
  }
}

const isDirect = ({ opening }: WatchStream) => opening.direct === true

const idOf = ({ modRevision, key }: { readonly modRevision: number; readonly key: string }) =>
  `${modRevision} ${key}`

const isSameRange = ({ opening: one }: WatchStream, { opening: other }: WatchStream) =>
  one.key === other.key && one.end === other.end

/** A response of a stream, by its place in the log. */
interface Arrival {
  readonly at: number
  /** Of its events, or of a bookmark. */
  readonly last: number
  readonly claimed: number
}

function arrivalsOf(entries: WatchLog['entries']): ReadonlyMap<number, readonly Arrival[]> {
  const arrivals = new Map<number, Arrival[]>()
  for (const [at, entry] of entries.entries()) {
    if (entry.type !== 'events' && entry.type !== 'bookmark') continue
    const { revision: claimed } = entry
    const last = entry.type === 'events' ? newestOf(entry.events) : claimed
    const own = arrivals.get(entry.stream)
    if (own === undefined) arrivals.set(entry.stream, [{ at, last, claimed }])
    else own.push({ at, last, claimed })
  }
  return arrivals
}

/** Where in the log a stream first received what is newer than a revision; Infinity = nowhere. */
const closingOf = (arrivals: readonly Arrival[], revision: number) =>
  arrivals.find(({ last }) => last > revision)?.at ?? Number.POSITIVE_INFINITY

/** A piece after which the member has more to send, and claims that it has not. */
interface WholePiece extends Arrival {
  readonly of: WatchStream
  /** The last revision that it had, though a watcher that leaves events out received less. */
  readonly until: number
}

function wholePieces(
  stream: WatchStream,
  arrivals: readonly Arrival[],
  changes: Changes,
): WholePiece[] {
  const { key, end, without = [] } = stream.opening
  // The member counts what a watcher leaves out, too: the proxy filters.
  const scope = { ...(key !== undefined && { key }), ...(end !== undefined && { end }) }
  const changed = [...changes]
    .filter(([, keys]) =>
      [...keys.keys()].some((one) => isWatched(scope, { type: 'put', key: one })),
    )
    .map(([revision]) => revision)
    .sort((one, other) => one - other)
  return arrivals.flatMap((arrival, index) => {
    const from = (arrivals[index - 1]?.last ?? stream.start - 1) + 1
    const end = changed[lowerBound(changed, from) + pieceRevisions - 1] ?? Number.POSITIVE_INFINITY
    const until = without.length > 0 ? Math.max(arrival.last, end) : arrival.last
    return end <= until && until < arrival.claimed ? [{ ...arrival, of: stream, until }] : []
  })
}
