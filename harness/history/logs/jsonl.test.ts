import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startClock } from '../../core/clock.ts'
import { openJsonlRecorder } from './jsonl.ts'
import { type LeaseEntry, type LeaseHeader, parseLeaseLog } from './lease.ts'

const header = '{"format":"gauntlet-lease/1","slackMs":5000}'
const grant = {
  type: 'invoke',
  process: 1,
  f: 'grant',
  lease: '7',
  member: 'm1',
  ttlS: 3,
  timeNs: 1,
}
const completion = { type: 'ok', process: 1, f: 'grant', lease: '7', ttlS: 3, timeNs: 2 }
const parse = (...entries: unknown[]) =>
  parseLeaseLog([header, ...entries.map((entry) => JSON.stringify(entry)), ''].join('\n'))

test('a recorded log is read back whole', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'leases-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'leases.jsonl')
  const recorder = openJsonlRecorder<LeaseHeader, LeaseEntry>({
    path,
    header: { format: 'gauntlet-lease/1', slackMs: 5_000 },
    clock: startClock(),
  })
  const noted = [
    { type: 'invoke', process: 1, f: 'grant', lease: '7', member: 'm1', ttlS: 3 },
    { type: 'ok', process: 1, f: 'grant', lease: '7', ttlS: 3 },
    { type: 'leader', term: 2 },
  ] as const
  for (const entry of noted) recorder.note(entry)
  await recorder[Symbol.asyncDispose]()
  const read = parseLeaseLog(await readFile(path, 'utf8'))
  expect(read.header).toEqual({ format: 'gauntlet-lease/1', slackMs: 5_000 })
  expect(read.entries).toEqual(noted.map((entry) => expect.objectContaining(entry)))
})

test('the incomplete last line of a killed run is left out', () => {
  const text = `${header}\n${JSON.stringify(grant)}\n{"type":"o`
  expect(parseLeaseLog(text).entries).toEqual([grant])
})

test.each([
  ['an unknown type', [{ ...grant, type: 'requested' }], /leases.jsonl:2: Expected `type`/],
  ['a time before the start', [{ ...grant, timeNs: -1 }], /:2: Expected `timeNs`/],
  ['a process that is no number', [{ ...grant, process: 'a' }], /:2: Expected `process`/],
  ['an unknown request', [{ ...grant, f: 'attach' }], /:2: Expected `f`/],
  ['an id that is not decimal', [{ ...grant, lease: '0x7' }], /:2: Expected `lease`/],
  ['a request without a member', [{ ...grant, member: undefined }], /:2: Expected `member`/],
  ['a grant without a time to live', [{ ...grant, ttlS: undefined }], /:2: Expected `ttlS`/],
  [
    'a granted lease without its time to live',
    [grant, { ...completion, ttlS: null }],
    /:3: Expected `ttlS`/,
  ],
  ['a leader without a term', [{ type: 'leader', timeNs: 1 }], /:2: Expected `term`/],
  [
    'a completion without an invocation',
    [completion],
    /:2: Expected process 1 to complete nothing/,
  ],
  [
    'a completion of another request',
    [grant, { ...completion, lease: '8' }],
    /:3: Expected process 1 to/,
  ],
  [
    'two open requests of one process',
    [grant, grant],
    /:3: Expected process 1 to complete its grant of 7/,
  ],
  ['an entry that is no object', [7], /:2: Expected one JSON object, got 7/],
])('%s is refused with its line', (_, entries, message) => {
  expect(() => parse(...entries)).toThrow(message)
})

test('another format, or none, is refused', () => {
  expect(() => parseLeaseLog('{"format":"gauntlet-watch/1"}\n')).toThrow(/:1: Expected `format`/)
  expect(() => parseLeaseLog('')).toThrow(/:1: Expected `format`/)
  expect(() => parseLeaseLog('{"format":"gauntlet-lease/1"}\n')).toThrow(/:1: Expected `slackMs`/)
})

test('a revoke and failures need no time to live', () => {
  const revoke = { ...grant, f: 'revoke', ttlS: undefined }
  const unknown = { ...completion, type: 'info', ttlS: undefined, error: 'timeout' }
  expect(
    parse(grant, unknown, revoke, { ...completion, f: 'revoke', ttlS: undefined }).entries,
  ).toHaveLength(4)
})

test('a request through a door has no member', () => {
  const { member: _, ...throughDoor } = grant
  const entries = [{ ...throughDoor, door: 'm1-gateway' }, completion]
  expect(parse(...entries).entries).toMatchObject([{ door: 'm1-gateway' }, { type: 'ok' }])
})
