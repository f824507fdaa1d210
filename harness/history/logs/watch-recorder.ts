import type { Clock } from '../../core/clock.ts'
import { type JsonlRecorder, openJsonlRecorder } from './jsonl.ts'
import type { WatchEntry, WatchHeader, WrittenEntry } from './watch.ts'
import { createReferrer } from './watch-references.ts'

/** Writes what watchers receive as it arrives: an event that several receive, once. */
export interface WatchRecorder extends JsonlRecorder<WatchEntry> {
  /** A stream number that was never given before. */
  freshStream(): number
}

/** Creates the file, which must not exist. An error of the disk is thrown by `flush` and at the end. */
export function openWatchRecorder(options: {
  readonly path: string
  readonly header: Omit<WatchHeader, 'format'>
  readonly clock: Clock
}): WatchRecorder {
  const header: WatchHeader = { format: 'gauntlet-watch/2', ...options.header }
  const recorder = openJsonlRecorder<WatchHeader, WrittenEntry>({ ...options, header })
  const refer = createReferrer()
  let streams = 0
  return {
    ...recorder,
    note: (entry) =>
      recorder.note(entry.type === 'events' ? { ...entry, events: refer(entry.events) } : entry),
    freshStream: () => streams++,
  }
}
