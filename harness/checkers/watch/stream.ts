import type { WatchedEvent, WatchOpening } from '../../history/logs/watch.ts'

/** What one stream of one watcher received: every change that it watches in `start` to `until`. */
export interface WatchStream {
  readonly id: number
  readonly member: string
  /** The streams of one watcher, in order, are one; absent = the member's own. */
  readonly watcher: string | undefined
  readonly start: number
  /** What it asked for: every key, or less. */
  readonly opening: WatchOpening
  /** The last revision that it covers, by an event or a bookmark; `start` - 1 = none. */
  until: number
  readonly events: WatchedEvent[]
  /** By event: the newest revision that any client had requested to compact when it came. */
  readonly compacted: number[]
}

/** A stream while its entries are read. */
export interface StreamProgress {
  readonly stream: WatchStream
  readonly seen: Set<string>
  /** Of the last response with events. */
  last: number
  bookmark: number
  /** Of its cancellation: older revisions are gone. */
  compactRevision: number
  /** It delivered an event or a bookmark: its creation was not refused. */
  hasDelivered: boolean
}
