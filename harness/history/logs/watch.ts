import { count, tuple } from '../../core/schema/parts.ts'
import { Type } from '../../core/schema/type.ts'
import { createValidator, type Shape } from '../../core/schema/validator.ts'
import { type JsonlFormat, type JsonlLog, parseJsonlLog, readJsonlLog } from './jsonl.ts'
import { createResolver } from './watch-references.ts'

/**
 * What watchers observe, `gauntlet-watch/2`: `watch.jsonl` beside `history.jsonl`, a header line,
 * then one line for each message of a stream, in the order of their arrival. An event that was
 * written before is a reference to it (`watch-references.ts`); `gauntlet-watch/1` has none.
 * docs/HISTORY.md.
 */
const headerSchema = Type.Object({
  format: Type.Enum(['gauntlet-watch/1', 'gauntlet-watch/2']),
  fromEmpty: Type.Optional(
    Type.Boolean({
      description: "The store held nothing before the first stream's `startRevision`.",
    }),
  ),
  recordsCompactions: Type.Optional(
    Type.Boolean({
      description:
        'Each compaction is an entry: clients alone compact, neither etcd itself nor a fault.',
    }),
  ),
  recordsLeases: Type.Optional(
    Type.Boolean({
      description: 'A key without `lease` has none. Absent: leases are not recorded.',
    }),
  ),
  recordsResponses: Type.Optional(
    Type.Boolean({
      description:
        "Each `revision` is the one in its response's header, and no client asked for a cancellation that is an entry.",
    }),
  ),
  sharesWatches: Type.Optional(
    Type.Boolean({
      description:
        'Watchers share watches, as behind a gRPC proxy, but for those that are `direct`: a compaction may cancel one for what another one had still to receive.',
    }),
  ),
})

const text = Type.String()

const lease = Type.Optional(Type.String({ description: 'The decimal id of its lease.' }))

const stateSchema = Type.Object({
  value: text,
  modRevision: count,
  createRevision: Type.Optional(count),
  version: count,
  lease,
})

const eventSchema = Type.Object({
  type: Type.Enum(['put', 'delete']),
  key: text,
  modRevision: Type.Integer({ ...count, description: 'Of a delete: the revision that deleted.' }),
  value: Type.Optional(text),
  createRevision: Type.Optional(count),
  version: Type.Optional(count),
  lease,
  isCreate: Type.Optional(
    Type.Boolean({ description: 'Where neither `createRevision` nor `version` was recorded.' }),
  ),
  prev: Type.Optional(stateSchema),
})

const entryFields = { stream: count, timeNs: count }

const openSchema = Type.Object({
  type: Type.Literal('open'),
  ...entryFields,
  member: text,
  startRevision: count,
  watcher: Type.Optional(
    Type.String({ description: "Absent = the member's own, which it has from the start." }),
  ),
  direct: Type.Optional(
    Type.Boolean({ description: 'At the member itself, where others come through a door.' }),
  ),
  key: Type.Optional(Type.String({ description: 'The first key; absent = every key.' })),
  end: Type.Optional(
    Type.String({ description: 'Exclusive; `\\0` = no upper bound; absent = `key` alone.' }),
  ),
  without: Type.Optional(
    Type.Array(Type.Enum(['put', 'delete']), { description: 'Kinds of events left out.' }),
  ),
  prevKv: Type.Optional(
    Type.Boolean({
      description: 'False = previous values were not requested; absent = they were.',
    }),
  ),
})

/** Of an answer that no right one has, since each watcher has a stream of its own. */
const strayFields = {
  otherWatch: Type.Optional(
    Type.String({ description: 'It came for this watch, which is not the one of the stream.' }),
  ),
  fragment: Type.Optional(
    Type.Boolean({ description: 'It was marked as a fragment, which no watcher asked for.' }),
  ),
}

const eventsSchema = Type.Object({
  type: Type.Literal('events'),
  ...entryFields,
  ...strayFields,
  revision: count,
  events: Type.Array(Type.Union([eventSchema, count, tuple([count, count])])),
})

const progressSchema = Type.Object({
  type: Type.Enum(['created', 'bookmark']),
  ...entryFields,
  ...strayFields,
  revision: count,
})

const canceledSchema = Type.Object({
  type: Type.Literal('canceled'),
  ...entryFields,
  ...strayFields,
  compactRevision: count,
  reason: text,
})

const compactionSchema = Type.Object({
  type: Type.Literal('compaction'),
  timeNs: count,
  member: text,
  revision: Type.Integer({ ...count, description: 'A client is about to request it.' }),
})

const closedSchema = Type.Object({
  type: Type.Literal('closed'),
  ...entryFields,
  error: Type.Optional(text),
})

export interface WatchHeader extends Shape<typeof headerSchema> {
  readonly [field: string]: unknown
}

/** A key as it was at one revision. */
export interface WatchedState extends Shape<typeof stateSchema> {}

/** A delete has only `modRevision`; `prev` is the key as it was before, when etcd sent it. */
export interface WatchedEvent extends Shape<typeof eventSchema> {}

/** An `events` message as a line has it, with references. */
export interface WrittenEvents extends Shape<typeof eventsSchema> {}

/** The same with every event itself. */
interface ReceivedEvents extends Omit<WrittenEvents, 'events'> {
  readonly events: readonly WatchedEvent[]
}

/**
 * One message of a stream: `open` requests what is watched from `startRevision` on; the others are
 * the member's answers.
 */
export type StreamEntry =
  | Shape<typeof openSchema>
  | ReceivedEvents
  | Shape<typeof progressSchema>
  | Shape<typeof canceledSchema>
  | Shape<typeof closedSchema>

/** What a watcher asked for. */
export interface WatchOpening extends Shape<typeof openSchema> {}

/** A compaction is no message of a stream, but explains why one is cancelled. */
export type WatchEntry = StreamEntry | Shape<typeof compactionSchema>

/** An entry as a line has it. */
export type WrittenEntry = Exclude<WatchEntry, ReceivedEvents> | WrittenEvents

export type WatchLog = JsonlLog<WatchHeader, WatchEntry>

const progress = createValidator(progressSchema)
const headers = createValidator(headerSchema)
const entries = {
  open: createValidator(openSchema),
  created: progress,
  events: createValidator(eventsSchema),
  bookmark: progress,
  canceled: createValidator(canceledSchema),
  closed: createValidator(closedSchema),
  compaction: createValidator(compactionSchema),
}

function watchFormat(): JsonlFormat<WatchHeader, WatchEntry, WrittenEntry> {
  const resolve = createResolver()
  return {
    header: headers,
    entries,
    read: (entry) =>
      entry.type === 'events' ? { ...entry, events: resolve(entry.events) } : entry,
  }
}

/** Throws an InputError that names the line for anything that docs/HISTORY.md does not allow. */
export function parseWatchLog(text: string, file = 'watch.jsonl'): WatchLog {
  return parseJsonlLog(text, file, watchFormat())
}

/**
 * The same from a file; an incomplete last line is left out, with a warning. Watchers that received
 * the same event share it in memory.
 */
export const readWatchLog = (file: string) => readJsonlLog(file, watchFormat())
