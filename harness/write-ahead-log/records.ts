import { crc32c } from './crc32c.ts'
import { decodeMessage, type LogRecord } from './messages.ts'

/** What the number of a record's type means. */
export const recordTypes = {
  metadata: '1',
  entry: '2',
  state: '3',
  crc: '4',
  snapshot: '5',
} as const

/** Where a segment cannot be read further. */
export interface ReadProblem {
  readonly offset: number
  readonly reason: string
  /** It looks like a write that was cut short: at the end of a log etcd drops such a record. */
  readonly isTorn: boolean
}

export interface SegmentEnd {
  /** Checksum of everything so far: the next segment continues it. */
  readonly crc: number
  /** How many bytes were read in order. */
  readonly offset: number
  readonly problem?: ReadProblem
}

const lengthBytes = 8
const mostRecordBytes = 64 * 2 ** 20
/** A disk writes a sector whole or not at all: one of zeros within a record was never written. */
const sectorBytes = 512

/**
 * Hands on every record of a segment, a file of the log, in order. It stops at the zeros of the space
 * that etcd allocates ahead, at the end, and at the first record that is incomplete or does not match
 * its checksum: content after that is not requested. A record begins with its length, 8 bytes with
 * the low byte first; the highest byte says how many bytes of padding follow. Holds one record and
 * one piece of the content at a time.
 */
export async function readSegment(
  content: AsyncIterable<Uint8Array>,
  crcBefore: number,
  onRecord: (record: LogRecord) => void,
): Promise<SegmentEnd> {
  let at: Position = { crc: crcBefore, offset: 0 }
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of content) {
    rest = Buffer.concat([rest, piece])
    for (let frame = frameOf(rest); frame !== undefined; frame = frameOf(rest)) {
      if (frame === 'end') return at
      const taken = takeRecord(frame, at)
      if ('problem' in taken) return { ...at, problem: taken.problem }
      if (taken.record !== undefined) onRecord(taken.record)
      at = { crc: taken.crc, offset: at.offset + frame.wholeBytes }
      rest = rest.subarray(frame.wholeBytes)
    }
  }
  if (rest.every((byte) => byte === 0)) return at
  const reason = 'the file ends within a record'
  return { ...at, problem: { offset: at.offset, reason, isTorn: true } }
}

interface Position {
  readonly crc: number
  readonly offset: number
}

interface Frame {
  readonly wholeBytes: number
  /** The record and its padding; undefined when its length cannot be one. */
  readonly body: Buffer | undefined
  readonly recordBytes: number
}

/** The next record's bytes; undefined while they are incomplete. */
function frameOf(bytes: Buffer): Frame | 'end' | undefined {
  if (bytes.length < lengthBytes) return undefined
  const flags = bytes.readUInt8(7)
  const recordBytes = bytes.readUIntLE(0, 6) + bytes.readUInt8(6) * 2 ** 48
  if (recordBytes === 0 && flags === 0) return 'end'
  const padBytes = (flags & 0x80) === 0 ? 0 : flags & 0x07
  const wholeBytes = lengthBytes + recordBytes + padBytes
  if (recordBytes > mostRecordBytes) return { wholeBytes, body: undefined, recordBytes }
  if (bytes.length < wholeBytes) return undefined
  return { wholeBytes, body: bytes.subarray(lengthBytes, wholeBytes), recordBytes }
}

type Taken =
  | { readonly problem: ReadProblem }
  | { readonly crc: number; readonly record?: LogRecord }

function takeRecord({ body, recordBytes }: Frame, { crc, offset }: Position): Taken {
  if (body === undefined) {
    return { problem: { offset, reason: `a record claims ${recordBytes} bytes`, isTorn: false } }
  }
  const stop = (reason: string): Taken => {
    return { problem: { offset, reason, isTorn: hasEmptySector(body, offset + lengthBytes) } }
  }
  const record = recordIn(body.subarray(0, recordBytes))
  if (record === undefined) return stop('a record cannot be decoded')
  const mismatch = 'a record does not match its checksum'
  if (record.type === recordTypes.crc) {
    return crc === 0 || record.crc === crc ? { crc: record.crc } : stop(mismatch)
  }
  const sum = crc32c(record.data, crc)
  return record.crc === sum ? { crc: sum, record } : stop(mismatch)
}

function recordIn(bytes: Buffer): LogRecord | undefined {
  try {
    return decodeMessage('Record', bytes)
  } catch {
    return undefined
  }
}

function hasEmptySector(body: Buffer, offset: number): boolean {
  let at = 0
  while (at < body.length) {
    const next = Math.min(body.length, at + sectorBytes - ((offset + at) % sectorBytes))
    if (body.subarray(at, next).every((byte) => byte === 0)) return true
    at = next
  }
  return false
}
