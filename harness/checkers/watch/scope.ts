import type { WatchedEvent, WatchOpening } from '../../history/logs/watch.ts'
import { compareBytes } from '../etcd/model.ts'

/** What a watcher asked for: which keys, and which kinds of events. */
type Scope = Pick<WatchOpening, 'key' | 'end' | 'without'>

const unbounded = '\0'

/** Whether a watcher asked for this event. */
export function isWatched(
  { key: from, end, without = [] }: Scope,
  { type, key }: Pick<WatchedEvent, 'type' | 'key'>,
): boolean {
  if (without.includes(type)) return false
  if (from === undefined) return true
  if (end === undefined) return key === from
  return compareBytes(key, from) >= 0 && (end === unbounded || compareBytes(key, end) < 0)
}

/** Whether it asked for every event: what it did not receive did not happen. */
export function isOfEverything({ key, without = [] }: Scope): boolean {
  return key === undefined && without.length === 0
}
