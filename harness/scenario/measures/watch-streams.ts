import type { TimeSpan } from '../../core/spans.ts'
import type { WatchLog } from '../../history/logs/watch.ts'
import { slowWaits } from '../../topology/timing.ts'
import { paceOf, totalNs, wasInTime } from './pace-of-machine.ts'
import type { ServedDrill } from './served-drill.ts'

/** So many requests show that a member serves. */
const fewestServed = 3

interface Stream {
  readonly member: string
  readonly watcher: string | undefined
  readonly openedNs: number
  createdNs?: number
  closedNs?: number
  /** A compaction ended it. */
  isCompacted?: boolean
}

/**
 * How streams of watchers began and ended while no fault was in force. `slowWatches` is how many took long
 * until the member confirmed the watch, or had no answer when they ended, while this machine ran its load
 * generator in time. `brokenWatches` is how many of the members' own watchers a member ended, other than for
 * a compaction, so that the watcher opened another: of streams that were opened in the same time without a
 * fault, because of an earlier one a client may learn late. Both count only where the member served requests
 * meanwhile, or right after the end: one that starts or exits does not.
 */
export function measureWatchStreams(
  watches: Pick<WatchLog, 'entries'>,
  drill: Pick<ServedDrill, 'attempts' | 'phases' | 'stalls' | 'timers'>,
): { readonly slowWatches: number; readonly brokenWatches: number } {
  const { phases, timers } = drill
  const spans = [...(phases.before === undefined ? [] : [phases.before]), ...phases.after]
  const pace = paceOf(drill)
  const streams = streamsOf(watches)
  const served = Map.groupBy(
    drill.attempts.filter(({ outcome }) => outcome === 'ok'),
    ({ member }) => member,
  )
  const hasServed = (member: string, { fromNs, toNs }: TimeSpan) => {
    const within = (served.get(member) ?? []).filter((one) => {
      return fromNs <= one.sentNs && one.endNs <= toNs
    })
    return within.length >= fewestServed
  }
  const isSlow = ({ member, openedNs: fromNs, createdNs, closedNs }: Stream) => {
    const wait = { fromNs, toNs: createdNs ?? closedNs ?? fromNs }
    const isLong = totalNs([wait]) >= slowWaits * timers.longWaitNs
    return isLong && wasInTime(wait, pace) && hasServed(member, wait)
  }
  const isBroken = (stream: Stream) => {
    const { member, watcher, isCompacted = false, closedNs: fromNs = 0 } = stream
    const afterwards = { fromNs, toNs: fromNs + slowWaits * timers.longWaitNs }
    return (
      watcher === undefined &&
      !isCompacted &&
      isFollowed(stream, streams) &&
      hasServed(member, afterwards)
    )
  }
  return {
    slowWatches: streams.filter((one) => spanOf(one, spans) !== undefined && isSlow(one)).length,
    brokenWatches: streams.filter((one) => isWithin(one, spans) && isBroken(one)).length,
  }
}

function streamsOf({ entries }: Pick<WatchLog, 'entries'>): Stream[] {
  const streams = new Map<number, Stream>()
  for (const entry of entries) {
    if (entry.type === 'compaction') continue
    if (entry.type === 'open') {
      const { member, watcher, timeNs: openedNs } = entry
      streams.set(entry.stream, { member, watcher, openedNs })
    }
    const stream = streams.get(entry.stream)
    if (stream === undefined) continue
    if (entry.type === 'created') stream.createdNs ??= entry.timeNs
    if (entry.type === 'closed') stream.closedNs = entry.timeNs
    if (entry.type === 'canceled' && entry.compactRevision > 0) stream.isCompacted = true
  }
  return [...streams.values()]
}

const spanOf = ({ openedNs }: Stream, spans: readonly TimeSpan[]) =>
  spans.find(({ fromNs, toNs }) => fromNs <= openedNs && openedNs < toNs)

function isWithin(stream: Stream, spans: readonly TimeSpan[]): boolean {
  const { closedNs = Number.POSITIVE_INFINITY } = stream
  return closedNs < (spanOf(stream, spans)?.toNs ?? Number.NEGATIVE_INFINITY)
}

/** A watcher that is stopped opens no other stream. */
const isFollowed = ({ member, watcher, openedNs }: Stream, streams: readonly Stream[]) =>
  streams.some((one) => {
    return one.member === member && one.watcher === watcher && one.openedNs > openedNs
  })
