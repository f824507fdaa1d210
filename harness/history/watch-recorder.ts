import { createWriteStream } from 'node:fs'
import type { Clock } from '../core/clock.ts'
import { createLineWriter } from './recorder.ts'
import type { WatchEntry, WatchHeader, WatchLog } from './watch-log.ts'

type WithoutTime<Entry> = Entry extends unknown ? Omit<Entry, 'timeNs'> : never

/** Writes what watchers are told as it comes, and keeps it for the checker. */
export interface WatchRecorder extends AsyncDisposable {
  note(entry: WithoutTime<WatchEntry>): void
  /** A stream number that was never given before. */
  freshStream(): number
  /** All so far; it grows. */
  log(): WatchLog
  flush(): Promise<void>
}

const flushMs = 50

/** Creates the file, which must not exist. An error of the disk is thrown by `flush` and at the end. */
export function openWatchRecorder(options: {
  readonly path: string
  readonly header: Omit<WatchHeader, 'format'>
  readonly clock: Clock
}): WatchRecorder {
  const header = { format: 'gauntlet-watch/1', ...options.header } as const
  const writer = createLineWriter(createWriteStream(options.path, { flags: 'wx' }), flushMs)
  writer.write(`${JSON.stringify(header)}\n`)
  const entries: WatchEntry[] = []
  let streams = 0
  return {
    note: (said) => {
      const entry = { ...said, timeNs: options.clock.nowNs() } as WatchEntry
      entries.push(entry)
      writer.write(`${JSON.stringify(entry)}\n`)
    },
    freshStream: () => streams++,
    log: () => ({ header, entries }),
    flush: writer.flush,
    [Symbol.asyncDispose]: writer.close,
  }
}
