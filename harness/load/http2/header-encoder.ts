import { defaults } from './frames.ts'
import { entryBytes, type Header, staticCount, staticIndexOf } from './header-table.ts'

/** Encodes header lists that do not change: RFC 7541. */
export interface HeaderEncoder {
  /** The block of a list. Only the first one has the texts; later ones are an index a header. */
  encode(headers: readonly Header[]): Buffer
  /** The other end's SETTINGS_HEADER_TABLE_SIZE: the next block says that it is kept. */
  resize(bytes: number): void
}

/**
 * Adds each header to the table of the other end once, and never evicts one: what does not fit is
 * sent as a text each time. Nothing is Huffman-coded, since it is sent once.
 */
export function createHeaderEncoder(): HeaderEncoder {
  let limit: number = defaults.headerTableBytes
  let used = 0
  /** Each header's place in the order of addition, from 1. */
  let places = new Map<string, number>()
  /** Encoded blocks by their lists, as long as a caller has these. */
  let blocks = new WeakMap<readonly Header[], Buffer>()
  let update: number[] = []

  const encodeHeader = (header: Header): number[] => {
    const [name, value] = header
    const fixed = staticIndexOf(header)
    if (fixed !== undefined) return integer(0x80, 7, fixed)
    const place = places.get(`${name}\0${value}`)
    if (place !== undefined) return integer(0x80, 7, staticCount + places.size - place + 1)
    const texts = [...text(name), ...text(value)]
    if (used + entryBytes(header) > limit) return [0x00, ...texts]
    used += entryBytes(header)
    places.set(`${name}\0${value}`, places.size + 1)
    // The indexes in blocks that were encoded before have moved.
    blocks = new WeakMap()
    return [0x40, ...texts]
  }

  return {
    encode: (headers) => {
      const known = blocks.get(headers)
      if (known !== undefined) return known
      const placed = places.size
      const block = Buffer.from([...update, ...headers.flatMap(encodeHeader)])
      const isRepeatable = update.length === 0 && placed === places.size
      update = []
      if (isRepeatable) blocks.set(headers, block)
      return block
    },
    resize: (bytes) => {
      const next = Math.min(bytes, defaults.headerTableBytes)
      if (next === limit) return
      limit = next
      // Size 0 empties the table, so that the two ends agree on it whatever it was before.
      update = [...integer(0x20, 5, 0), ...integer(0x20, 5, next)]
      used = 0
      places = new Map()
      blocks = new WeakMap()
    },
  }
}

/** Section 5.1: in the lowest bits of a byte that begins with `first`, or after it. */
function integer(first: number, prefixBits: number, value: number): number[] {
  const most = 2 ** prefixBits - 1
  if (value < most) return [first | value]
  const bytes = [first | most]
  let rest = value - most
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

/** Section 5.2, without a code. */
function text(value: string): number[] {
  const bytes = Buffer.from(value, 'latin1')
  return [...integer(0x00, 7, bytes.length), ...bytes]
}
