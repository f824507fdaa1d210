import { expect, test } from 'vitest'
import type { HistoryEvent } from '../history/operations.ts'
import { appendListsChecker } from './append-lists.ts'
import { bankChecker } from './bank.ts'
import type { Checker } from './checker.ts'

let process = 0

function happened(f: string, request: object, answer: object, type = 'ok'): HistoryEvent[] {
  const at = { process: ++process, f, timeNs: process }
  return [
    { type: 'invoke', ...at, ...request },
    { type: type as 'ok', ...at, ...answer },
  ]
}

const judge = (checker: Checker, ...events: HistoryEvent[][]) => {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return checker.check({ history: { header, events: events.flat() } })
}

const branch = (steps: unknown[]) =>
  Object.fromEntries([
    ['compare', []],
    ['then', steps],
    ['else', []],
  ])

const accounts = (...balances: number[]) =>
  balances.map((balance, at) => [`bank/${at}`, `${balance} v`, 5] as const)
const list = (...balances: number[]) =>
  happened('range', { key: 'bank/', end: 'bank0' }, { value: accounts(...balances), revision: 5 })
const readAll = (...balances: number[]) =>
  happened(
    'txn',
    { value: branch(balances.map((_, at) => ['get', `bank/${at}`])) },
    { applied: true, value: accounts(...balances).map(([, value, mod]) => [value, mod]) },
  )

test('transfers between accounts keep the total', () => {
  expect(judge(bankChecker, list(100, 100), list(70, 130), readAll(0, 200))).toMatchObject({
    verdict: 'valid',
    operations: 3,
  })
})

test('a changed total is invalid, in a range and in a transaction', () => {
  expect(judge(bankChecker, list(100, 100), list(70, 100)).reason).toBe(
    'the accounts hold 170 in total, expected 200 as before',
  )
  expect(judge(bankChecker, list(100, 100), readAll(100, 101)).verdict).toBe('invalid')
})

test('answers that show some of the accounts assert no total', () => {
  expect(judge(bankChecker, list(100, 100), readAll(5), list(100, 100)).verdict).toBe('valid')
  expect(judge(bankChecker, list(100, 100), readAll(5)).verdict).toBe('unknown')
})

test.each<[string, HistoryEvent[]]>([
  ['in an empty list', list()],
  [
    'in a transaction',
    happened(
      'txn',
      {
        value: branch([
          ['get', 'bank/0'],
          ['get', 'bank/1'],
        ]),
      },
      {
        applied: true,
        value: [
          ['200 v', 5],
          [null, 0],
        ],
        revision: 5,
      },
    ),
  ],
  ['from a get', happened('get', { key: 'bank/1' }, { value: null, modRevision: 0, revision: 5 })],
  ['from a get without a revision', happened('get', { key: 'bank/1' }, { value: null })],
])('an account that is missing %s is a violation', (_, answer) => {
  expect(judge(bankChecker, list(100, 100), list(70, 130), answer)).toMatchObject({
    verdict: 'invalid',
    code: 'account-missing',
  })
})

test('accounts may be missing before they were opened, and after a delete', () => {
  const before = happened('range', { key: 'bank/', end: 'bank0' }, { value: [], revision: 4 })
  expect(judge(bankChecker, before, list(100, 100), list(70, 130)).verdict).toBe('valid')
  const stale = happened(
    'range',
    { key: 'bank/', end: 'bank0', serializable: true },
    { value: [], revision: 4 },
  )
  expect(judge(bankChecker, list(100, 100), list(70, 130), stale).verdict).toBe('valid')
  const closed = happened('delete', { key: 'bank/1' }, {}, 'info')
  const gone = happened('get', { key: 'bank/1' }, { value: null, modRevision: 0, revision: 6 })
  expect(judge(bankChecker, list(100, 100), list(70, 130), closed, gone).verdict).toBe('valid')
})

const key = 'list/0-0'
const append = (value: string, revision: number, type = 'ok') =>
  happened('txn', { value: branch([['put', key, value]]) }, { applied: true, revision }, type)
const get = (value: string | null, modRevision: number, revision = 9) =>
  happened('get', { key }, { value, modRevision, revision })

test('a list that only grows is valid in any order of its reads', () => {
  const whole = [append('a', 2), get('a b c', 4), append('a b', 3), get('a', 2), get(null, 0, 1)]
  expect(judge(appendListsChecker, ...whole).verdict).toBe('valid')
})

test.each([
  ['loses an acknowledged append', [append('a', 2), append('a b', 3), get('a c', 4)]],
  ['changes the order of its elements', [append('a', 2), get('a b', 3), get('b a c', 4)]],
  ['changes the end of an element', [append('a', 2), get('ab', 3)]],
  ['shrinks', [append('a', 2), get('a b', 3), get('a', 4)]],
  ['is two lists at one revision', [append('a', 2), get('b', 2)]],
  ['vanishes', [append('a', 2), get('a', 2), get(null, 0)]],
  ['is empty', [append('a', 2), get('', 3)]],
])('a list that %s is invalid', (_, events) => {
  expect(judge(appendListsChecker, ...events)).toMatchObject({ verdict: 'invalid' })
})

test('a list may begin empty', () => {
  const whole = [append('', 2), get('', 2), append('a', 3), get('a', 3)]
  expect(judge(appendListsChecker, ...whole).verdict).toBe('valid')
})

test('an unacknowledged append may be missing, and without appends the verdict is unknown', () => {
  const unknown = append('a b', 3, 'info')
  expect(judge(appendListsChecker, append('a', 2), unknown, get('a c', 4)).verdict).toBe('valid')
  expect(judge(appendListsChecker, get('a', 2)).verdict).toBe('unknown')
})
