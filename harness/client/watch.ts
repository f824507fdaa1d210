import type { KeyValue } from './kv.ts'
import { bytes, keyValue, type RawKeyValue, revisionOf } from './kv-wire.ts'
import type { MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

export interface WatchRequest {
  readonly key: string
  /** Exclusive; `\0` = no upper bound; absent = the key alone. */
  readonly end?: string
  /** First revision to be told of; absent = from now on. */
  readonly startRevision?: number
  readonly prevKv?: boolean
  /** etcd says where it is when it had nothing to say for a while. */
  readonly progressNotify?: boolean
}

export interface WatchEvent {
  readonly type: 'put' | 'delete'
  readonly kv: KeyValue
  readonly prevKv?: KeyValue
}

export interface WatchResponse {
  /** The header's; with no events it is a bookmark: nothing up to it is still to come. */
  readonly revision: number
  readonly created: boolean
  readonly canceled: boolean
  readonly cancelReason: string
  /** Above 0 when the watch was cancelled for starting before it. */
  readonly compactRevision: number
  readonly events: readonly WatchEvent[]
}

/** One watch on one member. It never resumes by itself: that would hide what was lost. */
export interface Watch extends AsyncIterable<WatchResponse> {
  /** Asks for a bookmark. */
  requestProgress(): void
  /** Ends the iteration. */
  close(): void
}

/**
 * Iterating gives every response as it came, the creation's first, and throws a RequestError when
 * the stream breaks. One iteration only.
 */
export function watch(client: MemberClient, request: WatchRequest): Watch {
  const stream = client.stream<object, RawResponse>('Watch', 'Watch')
  let closed = false
  stream.write({
    createRequest: {
      key: bytes(request.key),
      ...(request.end !== undefined && { rangeEnd: bytes(request.end) }),
      startRevision: request.startRevision ?? 0,
      prevKv: request.prevKv ?? false,
      progressNotify: request.progressNotify ?? false,
    },
  })
  return {
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

interface RawResponse {
  readonly header: { readonly revision: string } | null
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
