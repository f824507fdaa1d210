import { ProtocolError } from './frames.ts'
import type { Header } from './header-table.ts'

/** How a call ended: gRPC's number and the server's text, or what stands for them without an answer. */
export interface CallEnd {
  readonly code: number
  readonly details: string
}

/**
 * One gRPC call. Plain data and the two functions that hear of it; whoever sends it may reuse it
 * once it has ended.
 */
export interface Call {
  /** Of the request: one list for all calls of a method, so that it is encoded once. */
  readonly headers: readonly Header[]
  /** The request's frames of gRPC, which do not change until the call ends. */
  readonly body: Buffer
  /** Whether more may be sent after the body, by `Stream.send`. */
  readonly isStreaming?: boolean
  /** On the clock of `performance.now()`; Infinity = it may take any time. */
  readonly deadlineMs: number
  /** The request is on its way: from now on its outcome may be unknown. */
  onSent?(stream: Stream): void
  /** One message of the answer; a view that is valid until this returns. */
  onMessage?(message: Buffer): void
  /** Called once, last. */
  onEnd(end: CallEnd): void
}

/** The open stream of a call. */
export interface Stream {
  /** Sends one more frame of gRPC. */
  send(body: Buffer): void
  /** Sends nothing more, and asks the server to end. */
  cancel(): void
}

/** The headers of all calls of one method of one server. */
export function requestHeaders(endpoint: URL, path: string): readonly Header[] {
  return [
    [':method', 'POST'],
    [':scheme', endpoint.protocol.slice(0, -1)],
    [':path', path],
    [':authority', endpoint.host],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ]
}

const frameBytes = 5
/** The largest message that is read: more than any answer of etcd has. */
const mostBytes = 256 * 1_024 * 1_024

/** A frame of gRPC: a byte that says "not compressed", the length, the message. */
export function frameMessage(message: Buffer): Buffer {
  const framed = Buffer.alloc(frameBytes + message.length)
  framed.writeUInt32BE(message.length, 1)
  message.copy(framed, frameBytes)
  return framed
}

/** What has come of a message that is not whole yet. */
export interface PartialMessage {
  parts: Buffer[]
  bytes: number
  /** How many bytes must be there before anything can be read. */
  wanted: number
}

export function emptyMessage(): PartialMessage {
  return { parts: [], bytes: 0, wanted: frameBytes }
}

/**
 * Calls `onMessage` with each message that is whole now, and keeps a copy of the rest. Throws a ProtocolError for
 * a message that would fill the memory.
 */
export function takeMessages(
  partial: PartialMessage,
  payload: Buffer,
  onMessage: ((message: Buffer) => void) | undefined,
): void {
  partial.bytes += payload.length
  if (partial.bytes < partial.wanted) {
    partial.parts.push(Buffer.from(payload))
    return
  }
  const received = partial.parts.length === 0 ? payload : Buffer.concat([...partial.parts, payload])
  let at = 0
  let wanted = 0
  for (;;) {
    wanted = frameBytes
    if (received.length - at < frameBytes) break
    wanted += received.readUInt32BE(at + 1)
    if (wanted > mostBytes) throw new ProtocolError('ENHANCE_YOUR_CALM', `${wanted} bytes at once`)
    if (received.length - at < wanted) break
    onMessage?.(received.subarray(at + frameBytes, at + wanted))
    at += wanted
  }
  partial.parts = at === received.length ? [] : [Buffer.from(received.subarray(at))]
  partial.bytes = received.length - at
  partial.wanted = wanted
}
