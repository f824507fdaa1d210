import type { Socket } from 'node:net'
import { headBytes, writeHead } from './frames.ts'

export interface FrameOutput {
  /** Sends a frame, together with all others of this turn of the event loop. */
  frame(
    head: { readonly type: number; readonly flags: number; readonly stream: number },
    payload: Buffer,
  ): void
}

const leastBytes = 64 * 1_024

/**
 * Gathers the frames of one turn of the event loop, whatever the chunks are that made them: under TLS
 * each record that is received is a chunk of its own.
 */
export function createOutput(socket: Socket): FrameOutput {
  let bytes = Buffer.allocUnsafe(leastBytes)
  let used = 0
  let isPlanned = false
  const flush = () => {
    isPlanned = false
    if (used === 0 || !socket.writable) return
    const sent = bytes.subarray(0, used)
    // The socket keeps what it cannot send at once, so that its bytes may not be written again.
    bytes = bytes.subarray(used)
    used = 0
    socket.write(sent)
  }
  const reserve = (count: number) => {
    if (used + count <= bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(leastBytes, 2 * (used + count)))
    bytes.copy(larger, 0, 0, used)
    bytes = larger
  }
  return {
    frame: (head, payload) => {
      reserve(headBytes + payload.length)
      writeHead(bytes, used, { ...head, length: payload.length })
      payload.copy(bytes, used + headBytes)
      used += headBytes + payload.length
      if (isPlanned) return
      isPlanned = true
      setImmediate(flush)
    },
  }
}
