import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'
import { decodeLoggedRequest } from './logged-request.ts'
import { type MemberLog, readLog } from './read-log.ts'
import {
  encodeLog,
  encodeSegment,
  entry,
  ids,
  membershipEntry,
  metadata,
  type Part,
  putRequest,
  segmentsOf,
  snapshot,
  state,
} from './testing/encode-log.ts'

const head = [metadata(), snapshot(0, 0)]
const read = (files: readonly Buffer[], pieceBytes?: number) =>
  readLog(segmentsOf(files, pieceBytes))

function readParts(...parts: readonly Part[]): Promise<MemberLog> {
  return read(encodeLog([...head, ...parts]))
}

/** `index/term` of each entry. */
function positions({ entries }: MemberLog): string[] {
  return [...entries.values()].map(({ index, term }) => `${index}/${term}`)
}

test('the checksum is CRC-32C, and continues the checksum of what came before', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  expect(crc32c(Buffer.from('6789'), crc32c(Buffer.from('12345')))).toBe(0xe3069283)
})

test('a log tells whose it is, its entries, its term and what the member knew to be committed', async () => {
  const data = putRequest('k', 'v')
  const log = await readParts(membershipEntry(1, 1), entry(2, 2, data), state(2, 1))
  expect(log).toMatchObject({ ...ids, term: 2, commit: 1, snapshots: [{ index: 0, term: 0 }] })
  expect(log.entries.get(1)).toMatchObject({ index: 1, term: 1, isNormal: false })
  expect(log.entries.get(2)).toEqual({ index: 2, term: 2, isNormal: true, data })
  expect(log.ending).toBeUndefined()
})

test('a log is the same however its bytes arrive, and ends at the space that etcd allocates ahead', async () => {
  const [file = Buffer.alloc(0)] = encodeLog([...head, entry(1, 1, putRequest('k', 'v'))])
  const whole = await read([file], file.length)
  for (const pieceBytes of [1, 7, 64]) {
    expect(await read([Buffer.concat([file, Buffer.alloc(600)])], pieceBytes)).toEqual(whole)
  }
  expect(positions(whole)).toEqual(['1/1'])
})

test('a log goes on in the next file, whose checksum continues', async () => {
  const files = encodeLog([...head, entry(1, 1)], [metadata(), entry(2, 1), state(1, 2)])
  expect(positions(await read(files))).toEqual(['1/1', '2/1'])
  const [first = Buffer.alloc(0)] = files
  const { bytes: another } = encodeSegment([metadata(), entry(2, 1)], 12_345)
  expect(await read([first, another])).toMatchObject({ ending: { kind: 'damaged' } })
})

test('a log that begins with a later file is read from there', async () => {
  const [, second = Buffer.alloc(0)] = encodeLog([...head, entry(1, 1)], [metadata(), entry(2, 1)])
  expect(positions(await read([second]))).toEqual(['2/1'])
})

test('an entry replaces those with its index and above', async () => {
  const log = await readParts(entry(1, 1), entry(2, 1), entry(3, 1), entry(2, 2), state(2, 2))
  expect(positions(log)).toEqual(['1/1', '2/2'])
})

test('a snapshot that the member received replaces what was not committed', async () => {
  const own = [entry(1, 1), entry(2, 1), state(1, 1), entry(3, 1)]
  expect(positions(await readParts(...own, snapshot(9, 4), entry(10, 4)))).toEqual(['1/1', '10/4'])
  expect(positions(await readParts(...own, snapshot(2, 1)))).toEqual(['1/1', '2/1', '3/1'])
})

test('a log that is cut anywhere gives the entries before the cut, and says that its end is torn', async () => {
  const parts = [entry(1, 1, putRequest('k', 'v')), entry(2, 1), entry(3, 1)]
  const ends = [0, 1, 2, 3].map((many) => {
    const { bytes } = encodeSegment([...head, ...parts.slice(0, many)])
    return bytes.length
  })
  const [file = Buffer.alloc(0)] = encodeLog([...head, ...parts])
  for (let cut = ends[0] ?? 0; cut <= file.length; cut++) {
    const log = await read([file.subarray(0, cut)])
    expect(log.entries.size, `cut at ${cut}`).toBe(ends.filter((end) => end <= cut).length - 1)
    expect(log.ending?.kind, `cut at ${cut}`).toBe(ends.includes(cut) ? undefined : 'torn')
  }
})

test('a sector that was never written is a torn end; other bytes that differ are damage', async () => {
  const large = putRequest('k', 'v'.repeat(2_000))
  const [file = Buffer.alloc(0)] = encodeLog([...head, entry(1, 1), entry(2, 1, large)])
  const unwritten = Buffer.from(file).fill(0, 1_024, 1_536)
  const torn = await read([unwritten])
  expect(positions(torn)).toEqual(['1/1'])
  expect(torn.ending).toMatchObject({ kind: 'torn' })
  const flipped = Buffer.from(file)
  flipped.writeUInt8(flipped.readUInt8(1_100) ^ 1, 1_100)
  const damaged = await read([flipped])
  expect(positions(damaged)).toEqual(['1/1'])
  expect(damaged.ending).toEqual({
    kind: 'damaged',
    reason: expect.stringMatching(
      /^0{16}-0{16}\.wal, byte \d+: a record does not match its checksum$/,
    ),
  })
})

test('a torn record that another file follows is damage: nothing after it is read', async () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = encodeLog(
    [...head, entry(1, 1), entry(2, 1)],
    [metadata(), entry(3, 1)],
  )
  const log = await read([first.subarray(0, -3), second])
  expect(positions(log)).toEqual(['1/1'])
  expect(log.ending).toMatchObject({ kind: 'damaged' })
})

test('a log of more files than are to be read is too long', async () => {
  const files = encodeLog([...head, entry(1, 1, putRequest('k', 'v'))], [metadata(), entry(2, 1)])
  const log = await readLog(segmentsOf(files), { mostSegments: 1 })
  expect(positions(log)).toEqual(['1/1'])
  expect(log.ending).toMatchObject({ kind: 'too-long' })
})

test('a record that claims more bytes than any has is damage', async () => {
  const { bytes } = encodeSegment(head)
  const length = Buffer.alloc(8)
  length.writeUIntLE(2 ** 40, 0, 6)
  const log = await read([Buffer.concat([bytes, length, Buffer.alloc(64)])])
  expect(log.ending).toMatchObject({ kind: 'damaged' })
})

test.each(['3.5.33', '3.7.1'])(
  'the log that etcd %s left when it was killed is read',
  async (version) => {
    const file = readFileSync(
      new URL(`../../fixtures/write-ahead-logs/etcd-${version}.wal`, import.meta.url),
    )
    const log = await read([file], 4_096)
    expect(log).toMatchObject({ nodeId: '13668033151171901709', term: 2 })
    expect(log.ending).toBeUndefined()
    const requests = [...log.entries.values()].map((one) => decodeLoggedRequest(one).request)
    expect(requests.filter(({ kind }) => kind === 'put')).toHaveLength(16)
    const kinds = requests.slice(19).map(({ kind }) => kind)
    expect(kinds).toEqual([
      ...['delete', 'lease-grant', 'put', 'lease-revoke', 'txn', 'compaction', 'delete', 'alarm'],
      'other',
    ])
  },
)
