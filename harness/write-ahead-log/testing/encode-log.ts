import { crc32c } from '../crc32c.ts'
import { encodeMessage } from '../messages.ts'
import type { Segment } from '../read-log.ts'
import { recordTypes } from '../records.ts'

/** A record's type and the bytes of its data. */
export type Part = readonly [type: keyof typeof recordTypes, data: Buffer]

export const ids = { nodeId: '101', clusterId: '7' } as const

export function metadata(of: { nodeId: string; clusterId: string } = ids): Part {
  return ['metadata', encodeMessage('Metadata', of)]
}

/** A normal entry with these bytes; without any it is the one that a new leader writes. */
export function entry(index: number, term: number, data: Buffer = Buffer.alloc(0)): Part {
  return ['entry', encodeMessage('Entry', { index, term, data })]
}

/** An entry that adds a member, with what etcd says of it. */
export function membershipEntry(
  index: number,
  term: number,
  { nodeId = '101', context = 'm1' }: { nodeId?: string; context?: string } = {},
): Part {
  const data = encodeMessage('MembershipChange', { nodeId, context: Buffer.from(context) })
  return ['entry', encodeMessage('Entry', { type: 1, index, term, data })]
}

export function state(term: number, commit: number): Part {
  return ['state', encodeMessage('HardState', { term, vote: 1, commit })]
}

export function snapshot(index: number, term: number): Part {
  return ['snapshot', encodeMessage('Snapshot', { index, term })]
}

/** The bytes of an entry that asks for this, such as `{ put: { key, value } }`; keys as bytes. */
export function request(body: object, id = '5'): Buffer {
  return encodeMessage('RaftRequest', { header: { id }, ...body })
}

export function putRequest(key: string, value: string, id = '5'): Buffer {
  return request({ put: { key: Buffer.from(key), value: Buffer.from(value) } }, id)
}

/** The bytes of one file of a log, and the checksum that the next one continues. */
export function encodeSegment(parts: readonly Part[], crcBefore = 0) {
  const frames = [frame(recordTypes.crc, crcBefore)]
  let crc = crcBefore
  for (const [type, data] of parts) {
    crc = crc32c(data, crc)
    frames.push(frame(recordTypes[type], crc, data))
  }
  return { bytes: Buffer.concat(frames), crc }
}

/** The files of a log, and where in `bytes` each of their records ends. */
export function encodeLog(...segments: readonly (readonly Part[])[]): Buffer[] {
  let crc = 0
  return segments.map((parts) => {
    const encoded = encodeSegment(parts, crc)
    crc = encoded.crc
    return encoded.bytes
  })
}

/** Named as etcd names them; the content comes in pieces of so many bytes. */
export async function* segmentsOf(
  files: readonly Buffer[],
  pieceBytes = 100,
): AsyncGenerator<Segment> {
  for (const [sequence, file] of files.entries()) {
    const hexadecimal = sequence.toString(16).padStart(16, '0')
    yield { name: `${hexadecimal}-0000000000000000.wal`, content: piecesOf(file, pieceBytes) }
  }
}

async function* piecesOf(file: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += pieceBytes) yield file.subarray(at, at + pieceBytes)
}

function frame(type: string, crc: number, data?: Buffer): Buffer {
  const record = encodeMessage('Record', { type, crc, ...(data && { data }) })
  const padBytes = (8 - (record.length % 8)) % 8
  const length = Buffer.alloc(8)
  length.writeUIntLE(record.length, 0, 6)
  if (padBytes > 0) length.writeUInt8(0x80 | padBytes, 7)
  return Buffer.concat([length, record, Buffer.alloc(padBytes)])
}
