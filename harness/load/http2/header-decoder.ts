import { defaults, ProtocolError } from './frames.ts'
import { createHeaderTable, type Header } from './header-table.ts'
import { decodeHuffman } from './huffman.ts'

/**
 * Decodes the header blocks of one connection, which have to come in their order: RFC 7541. The
 * returned function throws a ProtocolError for a block that is none.
 */
export function createHeaderDecoder(): (block: Buffer) => Header[] {
  const table = createHeaderTable(defaults.headerTableBytes)
  const reader = createBlockReader()
  return (block) => {
    reader.open(block)
    const headers: Header[] = []
    while (!reader.ended()) {
      const first = reader.peek()
      if (first >= 0x80) headers.push(entryAt(reader.integer(7)))
      else if (first >= 0x40) {
        const header = literal(6)
        table.add(header)
        headers.push(header)
      } else if (first >= 0x20) resize(reader.integer(5))
      else headers.push(literal(4))
    }
    return headers
  }

  function entryAt(index: number): Header {
    const entry = table.at(index)
    if (entry !== undefined) return entry
    throw new ProtocolError('COMPRESSION_ERROR', `the header ${index}, which no table has`)
  }

  function literal(prefixBits: number): Header {
    const index = reader.integer(prefixBits)
    const name = index === 0 ? reader.text() : entryAt(index)[0]
    return [name, reader.text()]
  }

  function resize(bytes: number): void {
    if (bytes > defaults.headerTableBytes) {
      throw new ProtocolError('COMPRESSION_ERROR', `a header table of ${bytes} bytes`)
    }
    table.resize(bytes)
  }
}

/** Reads one block after the other: one for each block would be more garbage than the headers are. */
interface BlockReader {
  open(block: Buffer): void
  ended(): boolean
  peek(): number
  /** The lowest bits of the next byte, and of as many after it as it needs: section 5.1. */
  integer(prefixBits: number): number
  /** Section 5.2. */
  text(): string
}

const highestInteger = 0xff_ffff

function createBlockReader(): BlockReader {
  let block: Buffer = Buffer.alloc(0)
  let at = 0
  const next = () => {
    const byte = block[at++]
    if (byte !== undefined) return byte
    throw new ProtocolError('COMPRESSION_ERROR', 'a header block that ends too early')
  }
  const integer = (prefixBits: number) => {
    const most = 2 ** prefixBits - 1
    let value = next() & most
    if (value < most) return value
    for (let factor = 1; ; factor *= 0x80) {
      const byte = next()
      value += (byte & 0x7f) * factor
      if (value > highestInteger || factor > highestInteger) {
        throw new ProtocolError('COMPRESSION_ERROR', `the number ${value} in a header block`)
      }
      if (byte < 0x80) return value
    }
  }
  return {
    open: (next) => {
      block = next
      at = 0
    },
    ended: () => at >= block.length,
    peek: () => block[at] ?? 0,
    integer,
    text: () => {
      const isHuffman = (block[at] ?? 0) >= 0x80
      const length = integer(7)
      const bytes = block.subarray(at, at + length)
      at += length
      if (bytes.length < length) {
        throw new ProtocolError('COMPRESSION_ERROR', 'a header block that ends too early')
      }
      return isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1')
    },
  }
}
