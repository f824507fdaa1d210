import { type Http2Frame, headerFragment } from './frame-reader.ts'
import { flagBits, frameTypes, ProtocolError } from './frames.ts'

/** The headers of one stream, still encoded. */
export interface HeaderBlock {
  readonly stream: number
  readonly endsStream: boolean
  /** A view that is valid until the frame is handled. */
  readonly bytes: Buffer
}

interface OpenBlock {
  readonly stream: number
  readonly endsStream: boolean
  readonly fragments: Buffer[]
  bytes: number
}

/** etcd sends some hundred bytes; what has no bound fills the memory. */
const mostBytes = 1_024 * 1_024
/** What a fragment counts beside its bytes, so that empty ones have an end, too. */
const fragmentBytes = 32

/**
 * Joins HEADERS and their CONTINUATION frames; to be called with every frame. Returns a block that is
 * whole. Throws a ProtocolError for a block without an end, and for frames in another order than RFC
 * 9113, section 6.10, has them.
 */
export function createBlockReader(): (frame: Http2Frame) => HeaderBlock | undefined {
  let open: OpenBlock | undefined
  return (frame) => {
    const { type, flags, stream } = frame
    const continues = type === frameTypes.continuation
    if (continues !== (open !== undefined) || (open !== undefined && open.stream !== stream)) {
      const where = open === undefined ? 'without headers' : 'within headers'
      throw new ProtocolError('PROTOCOL_ERROR', `a frame of type ${type} ${where}`)
    }
    if (!continues && type !== frameTypes.headers) return undefined
    open ??= { stream, endsStream: (flags & flagBits.endStream) !== 0, fragments: [], bytes: 0 }
    const fragment = continues ? frame.payload : headerFragment(frame)
    if ((flags & flagBits.endHeaders) === 0) {
      addFragment(open, fragment)
      return undefined
    }
    const { endsStream, fragments } = open
    open = undefined
    const bytes = fragments.length === 0 ? fragment : Buffer.concat([...fragments, fragment])
    return { stream, endsStream, bytes }
  }
}

function addFragment(block: OpenBlock, fragment: Buffer): void {
  block.fragments.push(Buffer.from(fragment))
  block.bytes += fragment.length + fragmentBytes
  if (block.bytes <= mostBytes) return
  throw new ProtocolError('ENHANCE_YOUR_CALM', `headers of more than ${mostBytes} bytes`)
}
