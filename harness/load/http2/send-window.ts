import { defaults, flagBits, frameTypes, highestWindow, ProtocolError } from './frames.ts'
import type { FrameOutput } from './output.ts'
import type { OpenStream } from './stream.ts'

/**
 * Sends DATA as far as the server's windows allow, and the rest when they open: RFC 9113, section
 * 5.2.
 */
export interface SendWindow {
  /** Sends what a stream has to send, or keeps it for later. */
  pump(stream: OpenStream): void
  /** WINDOW_UPDATE of the connection. */
  widen(bytes: number): void
  /** WINDOW_UPDATE of a stream. */
  widenStream(stream: OpenStream, bytes: number): void
  /** The server's SETTINGS: for all open streams, too. */
  applySettings(
    settings: { readonly initialWindow: number; readonly frameBytes: number },
    streams: Iterable<OpenStream>,
  ): void
  /** The window of a stream that begins. */
  initial(): number
  forget(stream: OpenStream): void
}

export function createSendWindow(output: FrameOutput): SendWindow {
  const blocked = new Set<OpenStream>()
  let window: number = defaults.windowBytes
  let initialWindow: number = defaults.windowBytes
  let frameBytes: number = defaults.frameBytes

  const pump = (stream: OpenStream) => {
    for (let body = stream.unsent[0]; body !== undefined; body = stream.unsent[0]) {
      const count = Math.min(body.length, window, stream.window, frameBytes)
      if (count <= 0 && body.length > 0) {
        blocked.add(stream)
        return
      }
      window -= count
      stream.window -= count
      if (count === body.length) stream.unsent.shift()
      else stream.unsent[0] = body.subarray(count)
      const isEnd = stream.isLast && stream.unsent.length === 0
      const head = { type: frameTypes.data, flags: isEnd ? flagBits.endStream : 0 }
      output.frame({ ...head, stream: stream.id }, body.subarray(0, count))
    }
    blocked.delete(stream)
  }
  /** In the order in which they were blocked. */
  const pumpAll = () => {
    for (const stream of [...blocked]) {
      if (window <= 0) return
      pump(stream)
    }
  }
  return {
    pump,
    widen: (bytes) => {
      window = widened(window, bytes)
      pumpAll()
    },
    widenStream: (stream, bytes) => {
      stream.window = widened(stream.window, bytes)
      pump(stream)
    },
    applySettings: (settings, streams) => {
      const difference = settings.initialWindow - initialWindow
      initialWindow = settings.initialWindow
      frameBytes = settings.frameBytes
      for (const stream of streams) stream.window += difference
      pumpAll()
    },
    initial: () => initialWindow,
    forget: (stream) => blocked.delete(stream),
  }
}

function widened(window: number, bytes: number): number {
  const wider = window + bytes
  if (bytes > 0 && wider <= highestWindow) return wider
  throw new ProtocolError('FLOW_CONTROL_ERROR', `a window of ${window} and ${bytes} bytes`)
}
