import { ProtocolError } from './frames.ts'

/**
 * How many bits the code of each byte has, and last that of the end of the string: RFC 7541,
 * appendix B. The code is canonical, so that the lengths determine it.
 */
// biome-ignore format: sixteen bytes a line
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
]

/** A node of the code's tree: the next nodes for 0 and 1, or the byte of a leaf. */
interface Node {
  next?: [Node | undefined, Node | undefined]
  byte?: number
}

const endOfString = 256
const root = buildTree()

/** Codes of one length are consecutive, in the order of their bytes; longer ones follow. */
function buildTree(): Node {
  const top: Node = {}
  const symbols = codeLengths.map((length, byte) => ({ length, byte }))
  symbols.sort((one, other) => one.length - other.length || one.byte - other.byte)
  let code = 0
  let before = 0
  for (const { length, byte } of symbols) {
    code = before === 0 ? 0 : (code + 1) * 2 ** (length - before)
    before = length
    addLeaf(top, { code, length, byte })
  }
  return top
}

function addLeaf(top: Node, leaf: { code: number; length: number; byte: number }): void {
  let node = top
  for (let bit = leaf.length - 1; bit >= 0; bit--) {
    const side = (leaf.code >>> bit) & 1
    node.next ??= [undefined, undefined]
    node.next[side] ??= {}
    node = node.next[side] as Node
  }
  node.byte = leaf.byte
}

/** Decodes a Huffman-coded string. Throws a ProtocolError for bits that are no code. */
export function decodeHuffman(bytes: Buffer): string {
  const decoded: number[] = []
  let node = root
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const next = node.next?.[(byte >>> bit) & 1]
      if (next === undefined || next.byte === endOfString) {
        throw new ProtocolError('COMPRESSION_ERROR', 'a string that is no Huffman code')
      }
      node = next
      if (node.byte === undefined) continue
      decoded.push(node.byte)
      node = root
    }
  }
  return Buffer.from(decoded).toString('latin1')
}
