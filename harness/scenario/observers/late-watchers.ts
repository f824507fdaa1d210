import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../../core/random.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import { followStream, type WatchingParts, type WatchPlace } from './watch-stream.ts'

/** Watchers that come and go, as clients do that restart, fall behind or change the member. */
export interface LateWatching {
  /** About how often one comes to each member. */
  readonly everyMs: number
}

export interface LateParts extends Omit<WatchingParts, 'watcher'> {
  readonly everyMs: number
  readonly random: Random
  /** The first revision of the scenario. */
  readonly first: number
  /** The last revision that any watcher was told of. */
  readonly newest: () => number
}

const longestMs = 5_000
const mostEvents = 500
/** So that a long run is not made of what late watchers were told again. */
const pauseMsPerEvent = 2

/**
 * Opens one watcher after the other at a member, from where the history begins (or, after a
 * compaction, from the oldest revision there is), from the recent past, or from a revision that is
 * still to come. Each stays until it has caught up with what others knew when it came.
 */
export async function keepComingLate(parts: LateParts, signal: AbortSignal): Promise<void> {
  const { random, everyMs, name } = parts
  for (let turn = 0; !signal.aborted; turn++) {
    await delay(random.int(0, 2 * everyMs), undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const place = { next: drawStart(parts), told: 0 }
    await catchUp({ ...parts, watcher: `${name}-late-${turn}` }, place, signal)
    await delay(place.told * pauseMsPerEvent, undefined, { signal }).catch(() => {})
  }
}

function drawStart({ cluster, random, first, newest }: LateParts): number {
  const [past, future] = [random.int(0, 300), random.int(1, 300)]
  const from = random.pick(['oldest', 'oldest', 'past', 'future'])
  if (from === 'oldest') return first
  // Before, one that was applied a snapshot is told what came before the revision it asked for.
  const mayWait = featuresOf(cluster.spec.version).has('future-watch-kept')
  if (from === 'future' && mayWait) return newest() + future
  return Math.max(first, newest() - past)
}

/** One watcher, until it was told of all that others knew when it came, or of much. */
export async function catchUp(
  parts: WatchingParts & Pick<LateParts, 'newest'>,
  place: WatchPlace,
  stopping: AbortSignal,
): Promise<void> {
  const wanted = Math.max(parts.newest(), place.next)
  const isEnough = () => place.next > wanted || place.told >= mostEvents
  const over = new AbortController()
  const end = () => over.abort()
  const timer = setTimeout(end, longestMs)
  stopping.addEventListener('abort', end, { once: true })
  try {
    while (!over.signal.aborted && !isEnough()) {
      const before = place.next
      await followStream(parts, place, { signal: over.signal, isEnough })
      // Compacted, it goes on at once where it was told to; cut, it does not come back.
      if (place.told > 0 || place.next === before) return
    }
  } finally {
    clearTimeout(timer)
    stopping.removeEventListener('abort', end)
  }
}
