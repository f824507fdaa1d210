import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type LoggedCompare,
  type LoggedRequest,
  type LoggedStep,
  parseWalLog,
} from '../../history/logs/wal.ts'
import { readLog } from '../../write-ahead-log/read-log.ts'
import { reduceLogs } from '../../write-ahead-log/reduce-logs.ts'
import { segmentsOf } from '../../write-ahead-log/testing/encode-log.ts'
import { joinLogs } from './join-logs.ts'
import { replayLog } from './replay.ts'

function replay(...requests: readonly LoggedRequest[]) {
  return replayLog(
    requests.map((request, at) => ({ type: 'entry', index: at + 1, term: 1, request })),
  )
}

/** What came of the last request. */
const last = (...requests: readonly LoggedRequest[]) => replay(...requests).applied.at(-1)

/** The key after all requests. */
const held = (key: string, ...requests: readonly LoggedRequest[]) =>
  replay(...requests).store.get(key)

const put = (key: string, value = 'v', more: object = {}) =>
  ({ kind: 'put', key, value, ...more }) as LoggedRequest & LoggedStep
const remove = (key: string, end?: string) =>
  ({ kind: 'delete', key, ...(end !== undefined && { end }) }) as LoggedRequest & LoggedStep
const txn = (
  compare: readonly LoggedCompare[],
  success: readonly LoggedStep[],
  failure: readonly LoggedStep[] = [],
) => ({ kind: 'txn', compare, success, failure }) as const
const grant = (lease: string) => ({ kind: 'lease-grant', lease, ttlS: 5 }) as const
const revoke = (lease: string) => ({ kind: 'lease-revoke', lease }) as const

test('an empty store is at revision 1, and each put creates the next', () => {
  expect(replay().store.revision).toBe(1)
  expect(last(put('k'), put('k', 'w'))).toMatchObject({
    revision: 3,
    isChange: true,
    previous: { value: 'v', revision: 2 },
  })
  const key = { value: 'w', revision: 3, createRevision: 2, version: 2, lease: '0' }
  expect(held('k', put('k'), put('k', 'w'))).toEqual(key)
})

test('the state at each revision stays known', () => {
  const { store } = replay(put('k'), remove('k'), put('k', 'w'))
  expect([1, 2, 3, 4].map((at) => store.get('k', at).value)).toEqual([null, 'v', null, 'w'])
  expect(store.get('k', 4)).toMatchObject({ createRevision: 4, version: 1 })
  expect(store.changeAt('k', 3)).toMatchObject({ value: null })
  expect(store.changeAt('other', 3)).toBeUndefined()
})

test('a delete creates one revision for all keys of its range, and none without a key', () => {
  const keys = [put('a'), put('b'), put('c')]
  expect(last(...keys, remove('a', 'c'))).toMatchObject({ deleted: 2, revision: 5 })
  expect(last(...keys, remove('b', '\0'))).toMatchObject({ deleted: 2 })
  expect(last(...keys, remove('d'))).toMatchObject({ deleted: 0, revision: 4, isChange: false })
})

test('ranges follow the order of bytes, not of JavaScript', () => {
  const astral = '\u{10000}'
  const requests = [put(astral), put('\uffff'), remove('\uffff', '\0')]
  expect(last(...requests)).toMatchObject({ deleted: 2 })
})

test('all changes of a transaction share one revision, and each step sees those before it', () => {
  const steps = [put('a', '1'), put('b', '2'), remove('c'), { kind: 'range', key: 'a' } as const]
  expect(last(put('c'), txn([], steps))).toMatchObject({
    succeeded: true,
    revision: 3,
    results: [
      { kind: 'put' },
      { kind: 'put' },
      { kind: 'delete', deleted: 1 },
      { kind: 'range', key: { value: '1', revision: 3 } },
    ],
  })
})

test.each<[compare: LoggedCompare, holds: boolean]>([
  [{ key: 'k', target: 'value', result: '=', operand: 'v' }, true],
  [{ key: 'k', target: 'value', result: '<', operand: 'w' }, true],
  [{ key: 'k', target: 'value', result: '!=', operand: 'v' }, false],
  [{ key: 'none', target: 'value', result: '!=', operand: 'v' }, false],
  [{ key: 'none', target: 'mod', result: '=', operand: 0 }, true],
  [{ key: 'gone', target: 'mod', result: '=', operand: 0 }, true],
  [{ key: 'k', target: 'mod', result: '>', operand: 1 }, true],
  [{ key: 'k', target: 'version', result: '=', operand: 1 }, true],
  [{ key: 'k', target: 'create', result: '<', operand: 2 }, false],
  [{ key: 'k', target: 'lease', result: '=', operand: '0' }, true],
  [{ key: 'a', end: 'z', target: 'version', result: '=', operand: 1 }, true],
  [{ key: 'a', end: 'z', target: 'mod', result: '=', operand: 2 }, false],
])('of the condition %j it is %s that it holds', (compare, holds) => {
  const before = [put('k'), put('gone'), remove('gone'), put('other')]
  expect(last(...before, txn([compare], [put('x')]))).toMatchObject({ succeeded: holds })
})

test('the conditions of a nested transaction see the state before the outer one', () => {
  const isMissing = { key: 'a', target: 'mod', result: '=', operand: 0 } as const
  const inner = txn([isMissing], [put('b')], [put('c')])
  const { store, applied } = replay(txn([], [put('a'), inner]))
  expect(applied[0]?.results?.[1]).toEqual({ kind: 'txn' })
  expect([store.get('b').value, store.get('c').value]).toEqual(['v', null])
})

test('a put with a lease that does not exist changes nothing, alone or within a transaction', () => {
  const leased = put('k', 'v', { lease: '9' })
  for (const request of [leased, txn([], [put('a'), leased])]) {
    expect(last(request)).toMatchObject({ error: 'requested lease not found', isChange: false })
  }
})

test('the end of a lease deletes the keys that still go with it, in one revision', () => {
  const leased = [grant('9'), put('a', 'v', { lease: '9' }), put('b', 'v', { lease: '9' })]
  expect(last(...leased, revoke('9'))).toMatchObject({ deleted: 2, revision: 4 })
  expect(last(...leased, put('a'), revoke('9'))).toMatchObject({ deleted: 1 })
  expect(last(...leased, remove('a', 'z'), revoke('9'))).toMatchObject({ deleted: 0, revision: 4 })
  expect(last(revoke('9'))).toMatchObject({ error: 'requested lease not found' })
  expect(last(grant('9'), grant('9'))).toMatchObject({ error: 'lease already exists' })
})

test('a put may keep the value or the lease of the key, which must then be there', () => {
  const leased = [grant('9'), put('k', 'v', { lease: '9' })]
  expect(held('k', ...leased, put('k', 'w', { ignoreLease: true }))).toMatchObject({
    value: 'w',
    lease: '9',
  })
  expect(held('k', ...leased, put('k', '', { ignoreValue: true }))).toMatchObject({
    value: 'v',
    lease: '0',
  })
  expect(last(put('k', '', { ignoreValue: true }))).toMatchObject({ error: 'key not found' })
})

test('a read within a transaction that etcd cannot serve refuses the whole transaction', () => {
  const reading = (atRevision: number) =>
    txn([], [put('a'), { kind: 'range', key: 'k', atRevision }])
  expect(last(put('k'), reading(9))).toMatchObject({
    isChange: false,
    error: expect.stringContaining('future'),
  })
  const compaction = { kind: 'compaction', revision: 3 } as const
  expect(last(put('k'), put('k'), compaction, reading(2))).toMatchObject({
    error: expect.stringContaining('compacted'),
  })
  expect(last(put('k'), put('k'), compaction, reading(3))).toMatchObject({ isChange: true })
})

test('an alarm refuses what needs space, or everything, until the last is disarmed', () => {
  const alarm = (action: 'activate' | 'deactivate', what: 'no-space' | 'corrupt', nodeId = '1') =>
    ({ kind: 'alarm', action, alarm: what, nodeId }) as const
  const full = [put('k'), alarm('activate', 'no-space')]
  const both = txn([], [remove('k')], [put('a')])
  for (const request of [put('k'), both, grant('9')]) {
    expect(last(...full, request)).toMatchObject({ error: 'database space exceeded' })
  }
  expect(last(...full, remove('k'))).toMatchObject({ deleted: 1 })
  expect(last(...full, txn([], [remove('k')]))).toMatchObject({ isChange: true })
  const two = [...full, alarm('activate', 'no-space', '2'), alarm('deactivate', 'no-space')]
  expect(last(...two, put('k'))).toHaveProperty('error')
  expect(last(...two, alarm('deactivate', 'no-space', '2'), put('k'))).not.toHaveProperty('error')
  expect(last(put('k'), alarm('activate', 'corrupt'), remove('k'))).toMatchObject({
    error: 'corrupt cluster',
  })
})

test('requests that change no key are passed over; one that is unknown is a doubt', () => {
  const harmless = ['v2 PUT', 'clusterVersionSet', 'authUserAdd'].map(
    (name) => ({ kind: 'other', name }) as const,
  )
  expect(replay({ kind: 'empty' }, { kind: 'membership' }, ...harmless).doubts).toEqual([])
  expect(replay({ kind: 'other', name: 'unknown' }).doubts).toHaveLength(1)
  expect(replay({ kind: 'other', name: 'authEnable' }).doubts).toEqual([
    'authentication was enabled',
  ])
})

/** Each member was sent the same requests, answered a read of all keys at revision 20, and was killed. */
test.each(['3.3.25', '3.4.23'])('the log of etcd %s leaves what it answered', async (version) => {
  const file = new URL(`../../../fixtures/write-ahead-logs/etcd-${version}.wal`, import.meta.url)
  const log = await readLog(segmentsOf([readFileSync(file)]))
  const lines = [{ format: 'gauntlet-wal/1' }, ...reduceLogs(new Map([['m1', log]]))]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const { committed, isWhole } = joinLogs(parseWalLog(text), undefined)
  expect(isWhole).toBe(true)
  const { store, doubts } = replayLog(committed)
  expect(doubts).toEqual([])
  expect(store.revision).toBe(21)
  expect(store.keysWithin({ key: '', end: '\0' }, 20)).toEqual(['k0', 'k2'])
  expect([store.get('k0', 20), store.get('k2', 20)]).toMatchObject([
    { value: 'v12', revision: 13, createRevision: 5, version: 3 },
    { value: 't1', revision: 20, createRevision: 3, version: 5 },
  ])
})
