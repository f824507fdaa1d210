import { expect, test } from 'vitest'
import { parseWatchLog } from './watch.ts'

const header = '{"format":"gauntlet-watch/1","fromEmpty":true}'
const open = { type: 'open', stream: 0, timeNs: 1, member: 'm1', startRevision: 1 }
const put = { type: 'put', key: 'a', value: 'v', modRevision: 2, createRevision: 2, version: 1 }
const events = { type: 'events', stream: 0, timeNs: 2, revision: 2, events: [put] }
const parse = (...entries: unknown[]) =>
  parseWatchLog([header, ...entries.map((entry) => JSON.stringify(entry)), ''].join('\n'))

test('entries of every type are read, with fields of a later version', () => {
  const entries = [
    { ...open, watcher: 'late', later: 1 },
    { ...open, stream: 1, key: 'k', end: '\0', without: ['delete'], prevKv: false },
    { type: 'compaction', timeNs: 1, member: 'm1', revision: 1 },
    { type: 'created', stream: 0, timeNs: 1, revision: 1 },
    events,
    { type: 'bookmark', stream: 0, timeNs: 3, revision: 2 },
    { type: 'canceled', stream: 0, timeNs: 4, compactRevision: 2, reason: 'compacted' },
    { type: 'closed', stream: 0, timeNs: 5 },
  ]
  expect(parse(...entries)).toEqual({ header: JSON.parse(header), entries })
})

test.each([
  ['an unknown type', { ...open, type: 'opened' }, '`type` to be one of open, created, events,'],
  ['a stream that is no number', { ...open, stream: 'a' }, '`stream` to be an integer from 0'],
  ['a time before the start', { ...open, timeNs: -1 }, '`timeNs` to be an integer from 0, got -1'],
  ['an open without a member', { ...open, member: undefined }, '`member` to be a string'],
  [
    'an event of an unknown type',
    { ...events, events: [put, { ...put, type: 'expire' }] },
    '`events[1].type` to be one of put, delete, got "expire"',
  ],
  [
    'an event without its revision',
    { ...events, events: [{ ...put, modRevision: undefined }] },
    '`events[0].modRevision` to be an integer from 0, got nothing',
  ],
  ['a canceled without a reason', { ...open, type: 'canceled' }, '`compactRevision` to be'],
  ['an array', [], 'one JSON object, got []'],
])('%s is refused with its line', (_, entry, problem) => {
  expect(() => parse(open, entry)).toThrow(`watch.jsonl:3: Expected ${problem}`)
})

test('a reference stands for the event that was written before, and a pair for a run of them', () => {
  const second = { ...put, modRevision: 3, version: 2 }
  const referring = { ...events, stream: 1, events: [[0, 1], 1] }
  const read = parse(open, { ...events, events: [put, second] }, { ...open, stream: 1 }, referring)
  expect(read.entries.at(-1)).toEqual({ ...events, stream: 1, events: [put, second, second] })
  expect(() => parse(open, { ...events, events: [put, 1] })).toThrow(
    'watch.jsonl:3: Expected a reference to one of 1 events, got 1',
  )
})
