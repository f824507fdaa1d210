import type { KeyValue } from './kv.ts'
import { bytes, keyValue, type RawKeyValue, revisionOf } from './kv-wire.ts'
import type { MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

/** Which changes a watch delivers. */
export interface WatchRequest {
  readonly key: string
  /** Exclusive; `\0` = no upper bound; absent = the key alone. */
  readonly end?: string
  /** The first revision to receive; absent = from now on. */
  readonly startRevision?: number
  readonly prevKv?: boolean
  /** etcd sends a progress notification after a while without events. */
  readonly progressNotify?: boolean
  /** Kinds of events to leave out. */
  readonly without?: readonly ('put' | 'delete')[]
  /** etcd splits a response that is too large. */
  readonly fragment?: boolean
  /** Decimal, above 0: identifies the watch on its stream. etcd before 3.4 ignores it. */
  readonly watchId?: string
}

/** One change of one key. */
export interface WatchEvent {
  readonly type: 'put' | 'delete'
  /** After the change; of a delete its key and mod revision alone. */
  readonly kv: KeyValue
  /** Before the change, with `prevKv`; absent when the key was not there, or is compacted. */
  readonly prevKv?: KeyValue
}

/** One message of a watch's stream, as it came. */
export interface WatchResponse {
  /** Decimal; of the watch on the stream that it is for; -1 = all of them. */
  readonly watchId: string
  /** More of the same response follows. */
  readonly fragment: boolean
  /** The header's; without events a progress notification: no event up to it is missing. */
  readonly revision: number
  readonly created: boolean
  readonly canceled: boolean
  readonly cancelReason: string
  /** Above 0 when etcd cancelled the watch for starting before it. */
  readonly compactRevision: number
  readonly events: readonly WatchEvent[]
}

/**
 * Watches on one member, over one stream. They never resume, since that would hide lost events.
 * Iterating gives every response as it came, and throws a RequestError when the stream breaks. One
 * iteration only.
 */
export interface Watch extends AsyncIterable<WatchResponse> {
  /** Adds a watch to the stream; the answer is a response with `created`. */
  create(request: WatchRequest): void
  /** Ends one watch of the stream. */
  cancel(watchId: string): void
  /** Asks for a progress notification. */
  requestProgress(): void
  /** Ends the iteration. */
  close(): void
}

/** A stream with one watch; iterating gives its creation first. */
export function watch(client: MemberClient, request: WatchRequest): Watch {
  const watches = openWatches(client)
  watches.create(request)
  return watches
}

/** A stream without a watch. */
export function openWatches(client: MemberClient): Watch {
  const stream = client.stream<object, RawResponse>('Watch', 'Watch')
  let closed = false
  return {
    create: (request) => stream.write({ createRequest: rawRequest(request) }),
    cancel: (watchId) => stream.write({ cancelRequest: { watchId } }),
    requestProgress: () => stream.write({ progressRequest: {} }),
    close: () => {
      closed = true
      stream.on('error', () => {})
      stream.cancel()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for await (const raw of stream) yield responseOf(raw as RawResponse)
      } catch (thrown) {
        if (!closed) throw client.errorOf(thrown, 'Watch')
      } finally {
        stream.on('error', () => {})
        stream.cancel()
      }
    },
  }
}

const filters = { put: 'Noput', delete: 'Nodelete' } as const

function rawRequest(request: WatchRequest): object {
  return {
    key: bytes(request.key),
    ...(request.end !== undefined && { rangeEnd: bytes(request.end) }),
    startRevision: request.startRevision ?? 0,
    prevKv: request.prevKv ?? false,
    progressNotify: request.progressNotify ?? false,
    filters: (request.without ?? []).map((kind) => filters[kind]),
    fragment: request.fragment ?? false,
    watchId: request.watchId ?? 0,
  }
}

interface RawResponse {
  readonly header: { readonly revision: string } | null
  readonly watchId: string
  readonly fragment: boolean
  readonly created: boolean
  readonly canceled: boolean
  readonly cancelReason: string
  readonly compactRevision: string
  readonly events: readonly {
    readonly type: string
    readonly kv: RawKeyValue
    readonly prevKv?: RawKeyValue | null
  }[]
}

function responseOf(raw: RawResponse): WatchResponse {
  return {
    watchId: raw.watchId,
    fragment: raw.fragment,
    revision: revisionOf(raw.header),
    created: raw.created,
    canceled: raw.canceled,
    cancelReason: raw.cancelReason,
    compactRevision: safeInteger(raw.compactRevision, 'compactRevision'),
    events: raw.events.map(({ type, kv, prevKv }) => ({
      type: type.toLowerCase() === 'delete' ? 'delete' : 'put',
      kv: keyValue(kv),
      ...(prevKv != null && { prevKv: keyValue(prevKv) }),
    })),
  }
}
