import type { Clock } from '../core/clock.ts'
import { type JsonlRecorder, openJsonlRecorder } from './jsonl-log.ts'
import type { WatchEntry, WatchHeader } from './watch-log.ts'

/** Writes what watchers receive as it arrives, and keeps it for the checker. */
export interface WatchRecorder extends JsonlRecorder<WatchHeader, WatchEntry> {
  /** A stream number that was never given before. */
  freshStream(): number
}

/** Creates the file, which must not exist. An error of the disk is thrown by `flush` and at the end. */
export function openWatchRecorder(options: {
  readonly path: string
  readonly header: Omit<WatchHeader, 'format'>
  readonly clock: Clock
}): WatchRecorder {
  const header: WatchHeader = { format: 'gauntlet-watch/1', ...options.header }
  const recorder = openJsonlRecorder<WatchHeader, WatchEntry>({ ...options, header })
  let streams = 0
  return { ...recorder, freshStream: () => streams++ }
}
