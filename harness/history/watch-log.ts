import { type JsonlFormat, type JsonlLog, parseJsonlLog, readJsonlLog } from './jsonl-log.ts'

/**
 * What watchers were told, `gauntlet-watch/1`: `watch.jsonl` beside `history.jsonl`, a header line,
 * then one line for each thing that a stream said, in the order it was received. docs/HISTORY.md.
 */
export interface WatchHeader {
  readonly format: 'gauntlet-watch/1'
  /** The store held nothing before the first stream's `startRevision`. */
  readonly fromEmpty?: boolean
  readonly [field: string]: unknown
}

/** A key as it was at one revision. */
export interface WatchedState {
  readonly value: string
  readonly modRevision: number
  readonly createRevision: number
  readonly version: number
}

/** A delete has only `modRevision`, the revision that deleted. */
export interface WatchedEvent extends Partial<Omit<WatchedState, 'modRevision'>> {
  readonly type: 'put' | 'delete'
  readonly key: string
  readonly modRevision: number
  /** What the key was before, as the watcher was told; absent = it was told nothing. */
  readonly prev?: WatchedState
}

interface Said {
  readonly stream: number
  readonly timeNs: number
}

/** `open` asks a member for everything from `startRevision` on; the others are its answers. */
export type WatchEntry =
  | (Said & {
      readonly type: 'open'
      readonly member: string
      readonly startRevision: number
      /** Who asks; absent = the watcher that the member has from the start. */
      readonly watcher?: string
    })
  | (Said & {
      readonly type: 'events'
      readonly revision: number
      readonly events: readonly WatchedEvent[]
    })
  | (Said & { readonly type: 'created' | 'bookmark'; readonly revision: number })
  | (Said & {
      readonly type: 'canceled'
      readonly compactRevision: number
      readonly reason: string
    })
  | (Said & { readonly type: 'closed'; readonly error?: string })

export type WatchLog = JsonlLog<WatchHeader, WatchEntry>

const entryTypes = ['open', 'created', 'events', 'bookmark', 'canceled', 'closed']

/** Throws an InputError that names the line for anything that docs/HISTORY.md does not allow. */
export function parseWatchLog(text: string, file = 'watch.jsonl'): WatchLog {
  return parseJsonlLog(text, file, watchFormat)
}

/** The same from a file; an incomplete last line is left out, with a warning. */
export const readWatchLog = (file: string) =>
  readJsonlLog<WatchHeader, WatchEntry>(file, watchFormat)

const watchFormat: JsonlFormat = {
  format: 'gauntlet-watch/1',
  problemOf: ({ type, stream, timeNs, events }) => {
    if (!(entryTypes.includes(String(type)) && isCount(stream) && isCount(timeNs))) {
      const wanted = `an entry of a stream with a type of ${entryTypes.join(', ')}`
      return `Expected ${wanted}, got \`${String(type)}\``
    }
    if (type !== 'events' || (Array.isArray(events) && events.every(isEvent))) return undefined
    return 'Expected `events` to be a list of puts and deletes with a key and a revision'
  },
}

function isEvent(event: unknown): boolean {
  const { type, key, modRevision } = (event ?? {}) as Partial<WatchedEvent>
  return (type === 'put' || type === 'delete') && typeof key === 'string' && isCount(modRevision)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
