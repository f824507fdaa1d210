import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeReport } from '../testing/write-report.ts'
import { isRobustnessReport } from './is-report.ts'
import { readRobustnessReport } from './read-report.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-report-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const txn = (...steps: object[]) => ({ Type: 'txn', Txn: { OperationsOnSuccess: steps } })
const put = (Key: string, Value: object, LeaseID: unknown = 0) =>
  txn({ Type: 'put-operation', Put: { Key, Value, LeaseID } })
const done = (Input: object, Output: object = {}, at = 0) => {
  return { ClientId: 1, Input, Call: at, Output, Return: at + 1 }
}

async function convert(Input: object, Output: object = {}) {
  writeReport(directory, [{ operations: [done(Input, Output)] }])
  const { history } = await readRobustnessReport(directory)
  return history.events.map(({ process: _p, timeNs: _t, ...event }) => event)
}

test.each([
  [
    'a put under a lease whose id no double holds',
    put('k', { Value: 'v' }, 6293958780785042867n),
    { Txn: { Results: [{}] }, Revision: 3 },
    [
      { type: 'invoke', f: 'put', key: 'k', value: 'v', lease: '6293958780785042867' },
      { type: 'ok', f: 'put', revision: 3 },
    ],
  ],
  [
    'a delete',
    txn({ Type: 'delete-operation', Delete: { Key: 'k' } }),
    { Txn: { Results: [{ Deleted: 1 }] }, Revision: 3 },
    [
      { type: 'invoke', f: 'delete', key: 'k' },
      { type: 'ok', f: 'delete', deleted: 1, revision: 3 },
    ],
  ],
  [
    'a range of keys only with a limit, at a revision',
    {
      Type: 'range',
      Range: { Start: 'a', End: 'b', Limit: 1, KeysOnly: true, Revision: 2 },
    },
    { Range: { KVs: [{ Key: 'a', ModRevision: 2, Version: 1 }], Count: 3 }, Revision: 4 },
    [
      { type: 'invoke', f: 'range', key: 'a', end: 'b', limit: 1, atRevision: 2, keysOnly: true },
      { type: 'ok', f: 'range', value: [['a', '', 2, 1]], count: 3, revision: 4 },
    ],
  ],
  [
    'a transaction that compares versions and mod revisions',
    {
      Type: 'txn',
      Txn: {
        Conditions: [
          { Key: 'a', ExpectedVersion: 2 },
          { Key: 'b', ExpectedRevision: 0 },
        ],
        OperationsOnSuccess: [{ Type: 'put-operation', Put: { Key: 'a', Value: { Value: 'v' } } }],
        OperationsOnFailure: [{ Type: 'range-operation', Range: { Start: 'a' } }],
      },
    },
    {
      Txn: {
        Failure: true,
        Results: [
          { KVs: [{ Key: 'a', Value: { Hash: 7 }, ModRevision: 5, Version: 1 }], Count: 1 },
        ],
      },
      Revision: 9,
    },
    [
      {
        type: 'invoke',
        f: 'txn',
        value: {
          compare: [
            ['a', 'version', '=', 2],
            ['b', 'mod', '=', 0],
          ],
          // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
          then: [['put', 'a', 'v']],
          else: [['get', 'a']],
        },
      },
      { type: 'ok', f: 'txn', applied: false, value: [['hash:7', 5, 1]], revision: 9 },
    ],
  ],
  [
    'a compaction that was refused',
    { Type: 'compact', Compact: { Revision: 4 } },
    { ClientError: 'mvcc: required revision is a future revision', Revision: -1 },
    [
      { type: 'invoke', f: 'compact', atRevision: 4 },
      { type: 'ok', f: 'compact', rejectedAs: 'future' },
    ],
  ],
  [
    'a grant of an unknown id, whose outcome is unknown',
    { Type: 'leaseGrant', LeaseGrant: { LeaseID: 0 } },
    { Error: 'context canceled' },
    [
      { type: 'invoke', f: 'grant' },
      { type: 'info', f: 'grant', error: 'context canceled' },
    ],
  ],
  [
    'a range within a transaction, as gets of every key within its bounds',
    txn(
      { Type: 'put-operation', Put: { Key: 'a1', Value: { Value: 'v' } } },
      { Type: 'range-operation', Range: { Start: 'a', End: 'b' } },
      { Type: 'range-operation', Range: { Start: 'a', End: 'b', Limit: 1 } },
    ),
    {
      Txn: {
        Results: [
          {},
          { KVs: [{ Key: 'a1', Value: { Value: 'v' }, ModRevision: 3, Version: 1 }, { Key: 'c' }] },
          { KVs: [{ Key: 'a0', ModRevision: 2, Version: 1 }] },
        ],
      },
      Revision: 3,
    },
    [
      {
        type: 'invoke',
        f: 'txn',
        value: {
          compare: [],
          // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
          then: [
            ['put', 'a1', 'v'],
            ['get', 'a0'],
            ['get', 'a1'],
            ['get', 'a0'],
            ['get', 'a1'],
          ],
          else: [],
        },
      },
      {
        type: 'ok',
        f: 'txn',
        applied: true,
        value: [null, [null, 0], ['v', 3, 1], ['', 2, 1], null],
        otherKeys: ['c'],
        revision: 3,
      },
    ],
  ],
  ['a defragmentation asserts nothing', { Type: 'defragment', Defragment: {} }, {}, []],
])('%s', async (_, input, output, events) => {
  expect(await convert(toJson(input), toJson(output))).toEqual(events)
})

/** Go writes 64 bits. */
function toJson(value: object): object {
  const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON
  const swap = (_: string, held: unknown) => (typeof held === 'bigint' ? rawJson(`${held}`) : held)
  return { toJSON: () => JSON.parse(JSON.stringify(value, swap), keepLarge) }
  function keepLarge(_: string, held: unknown, { source = '' }: { source?: string } = {}) {
    return typeof held === 'number' && !Number.isSafeInteger(held) ? rawJson(source) : held
  }
}

test('a long value is the one whose hash an answer shows', async () => {
  const long = 'a'.repeat(25)
  const [invoke] = await convert(put('k', { Value: long }))
  expect(invoke).toMatchObject({ value: 'hash:3574712980' })
})

test('operations of all clients are in the order of time, calls before returns', async () => {
  const range = { Type: 'range', Range: { Start: 'a' } }
  writeReport(directory, [
    { operations: [{ ...done(range), ClientId: 1, Call: 0, Return: 5 }] },
    { operations: [{ ...done(range), ClientId: 2, Call: 5, Return: 6 }] },
  ])
  const { history, placeOf } = await readRobustnessReport(directory)
  expect(history.events.map(({ type, process }) => [type, process])).toEqual([
    ['invoke', 1],
    ['invoke', 2],
    ['ok', 1],
    ['ok', 2],
  ])
  expect(placeOf(1)).toEqual({
    file: join(directory, 'client-2/operations.json'),
    line: 1,
    index: 0,
  })
})

test('watches keep their scope, their start and what is known of creation', async () => {
  const Events = [
    { Type: 'put-operation', Key: 'a1', Value: { Value: 'v' }, Revision: 7, IsCreate: true },
    { Type: 'delete-operation', Key: 'a1', Revision: 8, PrevValue: { ModRevision: 7, Version: 1 } },
  ]
  const Request = { Key: 'a', Revision: 0, WithPrefix: true, WithPrevKV: true }
  const Responses = [
    { IsProgressNotify: true, Revision: 5, Time: 3 },
    { Events, Revision: 8 },
    { Error: 'gone' },
  ]
  writeReport(directory, [{ watches: [{ Request, Responses }] }])
  const { watches } = await readRobustnessReport(directory)
  expect(watches.entries).toMatchObject([
    { type: 'open', member: 'client-1', startRevision: 6, key: 'a', end: 'b' },
    { type: 'bookmark', revision: 5 },
    {
      type: 'events',
      events: [
        { type: 'put', key: 'a1', value: 'v', modRevision: 7, isCreate: true },
        {
          type: 'delete',
          key: 'a1',
          modRevision: 8,
          prev: { value: '', modRevision: 7, version: 1 },
        },
      ],
    },
    { type: 'closed', error: 'gone' },
  ])
})

test('a directory is known by its clients', async () => {
  expect(await isRobustnessReport(directory)).toBe(false)
  mkdirSync(join(directory, 'client-12'))
  expect(await isRobustnessReport(directory)).toBe(true)
})

test.each([
  ['no JSON', '{"Input":', ':1: Expected an object to end with `}`'],
  ['no operation', '{\n}\n', ':1: element 0: Expected `ClientId` '],
  [
    'an unknown request',
    '{}\n'.replace('{}', JSON.stringify(done({ Type: 'drop' }))),
    ':1: element 0: Expected `Input.Type` ',
  ],
  [
    'one client with two requests at a time',
    [0, 0]
      .map((at) => `${JSON.stringify(done({ Type: 'range', Range: { Start: 'a' } }, {}, at))}\n`)
      .join(''),
    ':2: element 1: Expected process 1 to complete its range before another, got range',
  ],
])('%s is refused with file, line and element', async (_, text, problem) => {
  mkdirSync(join(directory, 'client-3'))
  const file = join(directory, 'client-3', 'operations.json')
  writeFileSync(file, text)
  await expect(readRobustnessReport(directory)).rejects.toThrow(`${file}${problem}`)
})

test('a link is refused', async () => {
  mkdirSync(join(directory, 'client-3'))
  const file = join(directory, 'client-3', 'watch.json')
  symlinkSync('/etc/hostname', file)
  await expect(readRobustnessReport(directory)).rejects.toThrow(
    `${file}: Expected a file, got a link or a device`,
  )
})
