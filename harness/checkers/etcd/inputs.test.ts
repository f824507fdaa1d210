import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import { checkEtcd } from './check-etcd.ts'

const check = (events: HistoryEvent[], initial?: unknown) =>
  checkEtcd({ header: { format: 'gauntlet-history/1', model: 'etcd', initial }, events })

const get = (key: string, answer: object): HistoryEvent[] => [
  { type: 'invoke', process: 0, f: 'get', timeNs: 1, key },
  { type: 'ok', process: 0, f: 'get', timeNs: 2, ...answer },
]

test('keys named like members of Object.prototype are keys like any other', () => {
  const missingCell = { value: null, modRevision: 0, revision: 5 }
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
  expect(check(names.flatMap((name) => get(name, missingCell))).verdict).toBe('valid')
  const initial = JSON.parse('{"revision":5,"kvs":{"__proto__":{"value":"z","modRevision":3}}}')
  const there = { value: 'z', modRevision: 3, revision: 5 }
  expect(check(get('__proto__', there), initial).verdict).toBe('valid')
  expect(check(get('constructor', there), initial).verdict).toBe('invalid')
})

test.each([
  [[]],
  [7],
  [{ revision: -1 }],
  [{ kvs: { a: { value: 'x' } } }],
  [{ kvs: { a: { value: 'x', modRevision: 1.5 } } }],
  [{ revision: 2, kvs: { a: { value: 'x', modRevision: 3 } } }],
])('the initial store %j is an InputError', (initial) => {
  expect(() => check([], initial)).toThrow(InputError)
})

test('a delete of one key that answers seven deleted keys is invalid', () => {
  const { verdict, reason } = check([
    { type: 'invoke', process: 0, f: 'delete', timeNs: 1, key: 'a' },
    { type: 'ok', process: 0, f: 'delete', timeNs: 2, deleted: 7, revision: 5 },
  ])
  expect(verdict).toBe('invalid')
  expect(reason).toContain('it deleted 7 keys where it named one')
})

const write = (f: string, answer: object): HistoryEvent[] => [
  { type: 'invoke', process: 0, f, timeNs: 1, key: 'a', ...(f === 'put' && { value: 'new' }) },
  { type: 'ok', process: 0, f, timeNs: 2, revision: 6, ...answer },
]
const before = { revision: 5, kvs: { a: { value: 'old', modRevision: 3 } } }
const old = { value: 'old', modRevision: 3 }

test('a write whose answer shows what it replaced is judged by that, and the reason shows both', () => {
  expect(check(write('put', { prev: old }), before).verdict).toBe('valid')
  expect(check(write('delete', { prev: old, deleted: 1 }), before).verdict).toBe('valid')
  expect(check(write('delete', { prev: old }), before).verdict).toBe('valid')
  const { reason } = check(write('put', { prev: { value: 'old', modRevision: 4 } }), before)
  expect(reason).toBe(
    'put of a = "new" by process 0 answered that it was "old" (modRevision 4) before it at revision 6; at revision 5 a is "old" (modRevision 3), from the start',
  )
})

test.each([
  ['put', { prev: null }],
  ['put', { prev: { ...old, value: 'other' } }],
  ['put', { prev: { ...old, modRevision: 5 } }],
  ['put', { prev: { ...old, modRevision: 0 } }],
  ['delete', { prev: null, deleted: 1 }],
  ['delete', { prev: { ...old, value: 'other' }, deleted: 1 }],
  ['delete', { prev: old, deleted: 0, revision: 5 }],
])('a %s that answers %j about the key that it replaced is invalid', (f, answer) => {
  expect(check(write(f, answer), before).verdict).toBe('invalid')
})

test('a transaction that shows another key than it reads is impossible', () => {
  // biome-ignore lint/suspicious/noThenProperty: the history format names the branch so
  const reads = { compare: [], then: [['get', 'k']], else: [] }
  const answer = { applied: true, value: [[null, 0]], revision: 1 }
  const txn = (fields: object): HistoryEvent[] => [
    { type: 'invoke', process: 0, f: 'txn', value: reads, timeNs: 0 },
    { type: 'ok', process: 0, f: 'txn', ...answer, ...fields, timeNs: 1 },
  ]
  expect(check(txn({})).verdict).toBe('valid')
  expect(check(txn({ otherKeys: ['k2'] }))).toMatchObject({
    verdict: 'invalid',
    code: 'impossible-answer',
  })
})

test('a get that shows another key than it named is impossible', () => {
  const missing = { value: null, modRevision: 0, revision: 1 }
  expect(check(get('k', { ...missing, key: 'k' })).verdict).toBe('valid')
  expect(check(get('k', { ...missing, key: 'k2' }))).toMatchObject({
    verdict: 'invalid',
    code: 'impossible-answer',
    reason: 'get of k by process 0 cannot be right: it showed the key k2',
  })
})
