import { type Call, emptyMessage, type PartialMessage } from './call.ts'
import type { Header } from './header-table.ts'

/** A call on its connection. */
export interface OpenStream {
  readonly id: number
  readonly call: Call
  /** What is still to send, in order. */
  unsent: Buffer[]
  /** Whether nothing follows what is in `unsent`. */
  isLast: boolean
  /** How many bytes the server still takes. */
  window: number
  /** Bytes received that the server may not send again yet. */
  uncredited: number
  readonly partial: PartialMessage
  headers: Header[]
}

export function openStream(id: number, call: Call, window: number): OpenStream {
  return {
    id,
    call,
    unsent: [call.body],
    isLast: call.isStreaming !== true,
    window,
    uncredited: 0,
    partial: emptyMessage(),
    headers: [],
  }
}
