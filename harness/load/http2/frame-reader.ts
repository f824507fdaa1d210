import { defaults, flagBits, frameTypes, headBytes, ProtocolError } from './frames.ts'

export interface Http2Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  /** A view of what was received: valid until the frame is handled. */
  readonly payload: Buffer
  /** What flow control counts: padding too. */
  readonly length: number
}

const nothing = Buffer.alloc(0)

/**
 * Cuts what a peer sends into frames, wherever the chunks begin and end. The returned function
 * throws a ProtocolError for a frame that is larger than we allow, or whose padding is.
 */
export function createFrameReader(onFrame: (frame: Http2Frame) => void): (chunk: Buffer) => void {
  let rest: Buffer = nothing
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (bytes.length - at >= headBytes) {
      const length = bytes.readUIntBE(at, 3)
      const [type, flags] = [bytes[at + 3] ?? 0, bytes[at + 4] ?? 0]
      if (length > defaults.frameBytes || length < (leastBytes[type] ?? 0)) {
        throw new ProtocolError('FRAME_SIZE_ERROR', `a frame of type ${type} and ${length} bytes`)
      }
      const end = at + headBytes + length
      if (bytes.length < end) break
      const stream = bytes.readUInt32BE(at + 5) & 0x7fff_ffff
      onFrame({ type, flags, stream, payload: bytes.subarray(at + headBytes, end), length })
      at = end
    }
    // The next chunk may be read into the place of this one.
    rest = at === bytes.length ? nothing : Buffer.from(bytes.subarray(at))
  }
}

/** By type; others may be empty. */
const leastBytes: Readonly<Record<number, number>> = {
  [frameTypes.rstStream]: 4,
  [frameTypes.ping]: 8,
  [frameTypes.goaway]: 8,
  [frameTypes.windowUpdate]: 4,
}

/** The payload of a DATA or HEADERS frame without its padding. */
export function withoutPadding({ flags, payload }: Http2Frame): Buffer {
  if ((flags & flagBits.padded) === 0) return payload
  const padding = payload[0] ?? Number.POSITIVE_INFINITY
  if (padding >= payload.length) {
    throw new ProtocolError('PROTOCOL_ERROR', `padding of ${padding} of ${payload.length} bytes`)
  }
  return payload.subarray(1, payload.length - padding)
}

const priorityBytes = 5

/** The part of a header block in a HEADERS frame. */
export function headerFragment(frame: Http2Frame): Buffer {
  const fragment = withoutPadding(frame)
  return (frame.flags & flagBits.priority) === 0 ? fragment : fragment.subarray(priorityBytes)
}
