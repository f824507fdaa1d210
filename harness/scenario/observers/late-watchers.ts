import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../../core/random.ts'
import { traitsOf } from '../../topology/door.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import {
  followStream,
  ownName,
  specFor,
  type WatchFilters,
  type WatchingParts,
  type WatchPlace,
} from './watch-stream.ts'

/** Watchers that come and go, like clients that restart, fall behind or change their member. */
export interface LateWatching {
  /** The mean time between two of them at a member. */
  readonly everyMs: number
}

export interface LateParts extends Omit<WatchingParts, 'watcher' | 'filters'> {
  readonly everyMs: number
  readonly random: Random
  /** The first revision of the scenario. */
  readonly first: number
  /** The last revision that any watcher received. */
  readonly newest: () => number
}

const longestMs = 5_000
const mostEvents = 500
/** Late watchers repeat events: this pause bounds their share of a long run's evidence. */
const pauseMsPerEvent = 2

/** What late watchers leave out in turn; most ask for everything. */
const everyFilter: readonly WatchFilters[] = [
  {},
  {},
  {},
  { prevKv: false },
  { without: ['delete'] },
  { without: ['put'] },
]

/**
 * Opens one watcher after the other at a member, from where the history begins (or, after a
 * compaction, from the oldest revision left), from the recent past, or from a future revision. Each
 * stays until it has received all that other watchers had received when it came.
 */
export async function keepComingLate(parts: LateParts, signal: AbortSignal): Promise<void> {
  const { random, everyMs } = parts
  const prefix = ownName(parts)
  for (let turn = 0; !signal.aborted; turn++) {
    await delay(random.int(0, 2 * everyMs), undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const place = { next: drawStart(parts), received: 0 }
    const filters = random.pick(everyFilter)
    await catchUp({ ...parts, filters, watcher: `${prefix}-late-${turn}` }, place, signal)
    await delay(place.received * pauseMsPerEvent, undefined, { signal }).catch(() => {})
  }
}

function drawStart({ random, first, newest, ...parts }: LateParts): number {
  const spec = specFor(parts)
  const [past, future] = [random.int(0, 300), random.int(1, 300)]
  const from = random.pick(['oldest', 'oldest', 'past', 'future'])
  if (from === 'oldest') return first
  // Earlier versions: after a snapshot a member sends events from before the requested revision.
  const { has } = featuresOf(spec.version)
  const mayWait = has('future-watch-kept') || traitsOf(spec)?.keepsStartOfWatch === true
  if (from === 'future' && mayWait) return newest() + future
  return Math.max(first, newest() - past)
}

/** One watcher, until it received all that others had received when it came, or many events. */
export async function catchUp(
  parts: WatchingParts & Pick<LateParts, 'newest'>,
  place: WatchPlace,
  stopping: AbortSignal,
): Promise<void> {
  const wanted = Math.max(parts.newest(), place.next)
  const isEnough = () => place.next > wanted || place.received >= mostEvents
  const over = new AbortController()
  const end = () => over.abort()
  const timer = setTimeout(end, longestMs)
  stopping.addEventListener('abort', end, { once: true })
  try {
    while (!over.signal.aborted && !isEnough()) {
      const before = place.next
      await followStream(parts, place, { signal: over.signal, isEnough })
      // After a compaction it goes on at once from the compacted revision; after a cut it ends.
      if (place.received > 0 || place.next === before) return
    }
  } finally {
    clearTimeout(timer)
    stopping.removeEventListener('abort', end)
  }
}
