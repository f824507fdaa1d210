import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import type { HistoryEvent } from '../history/operations.ts'
import { checkEtcd } from './etcd-check.ts'

const check = (events: HistoryEvent[], initial?: unknown) =>
  checkEtcd({ header: { format: 'gauntlet-history/1', model: 'etcd', initial }, events })

const get = (key: string, told: object): HistoryEvent[] => [
  { type: 'invoke', process: 0, f: 'get', timeNs: 1, key },
  { type: 'ok', process: 0, f: 'get', timeNs: 2, ...told },
]

test('keys named like a member of every object are keys like any other', () => {
  const missing = { value: null, modRevision: 0, revision: 5 }
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
  expect(check(names.flatMap((name) => get(name, missing))).verdict).toBe('valid')
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
])('the initial store %j is refused', (initial) => {
  expect(() => check([], initial)).toThrow(InputError)
})

test('a delete of one key that counts seven cannot be right', () => {
  const { verdict, reason } = check([
    { type: 'invoke', process: 0, f: 'delete', timeNs: 1, key: 'a' },
    { type: 'ok', process: 0, f: 'delete', timeNs: 2, deleted: 7, revision: 5 },
  ])
  expect(verdict).toBe('invalid')
  expect(reason).toContain('it deleted 7 keys where it named one')
})
