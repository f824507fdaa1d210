import { expect, test } from 'vitest'
import type { HistoryEvent } from '../../history/operations.ts'
import { revisionsChecker } from '../revisions.ts'
import { checkEtcd } from './check-etcd.ts'

const header = { format: 'gauntlet-history/1', model: 'etcd' } as const

/** One process after the other: a put at one member, then what is asked of another. */
function after(
  invoke: object,
  completion: object,
): { header: typeof header; events: HistoryEvent[] } {
  const at = (timeNs: number, process: number) => ({ timeNs, process })
  const put = { f: 'put', key: 'k', value: 'v', member: 'm1' }
  return {
    header,
    events: [
      { type: 'invoke', ...at(1, 0), ...put },
      { type: 'ok', ...at(2, 0), ...put, revision: 2 },
      { type: 'invoke', ...at(3, 0), f: 'get', member: 'm2', ...invoke },
      { type: 'ok', ...at(4, 0), f: 'get', member: 'm2', ...completion },
    ],
  }
}

const txn = (...steps: unknown[]) => ({
  f: 'txn',
  value: Object.fromEntries([
    ['compare', [['k', 'mod', '=', 0]]],
    ['then', steps],
    ['else', []],
  ]),
})

test('a member that is behind may answer a transaction without steps', () => {
  const history = after(txn(), { f: 'txn', applied: true, value: [], revision: 1 })
  expect(checkEtcd(history).verdict).toBe('valid')
  expect(revisionsChecker.check({ history }).verdict).toBe('valid')
})

test('a transaction that reads in either branch is linearizable', () => {
  const history = after(txn(['get', 'k']), {
    f: 'txn',
    applied: true,
    value: [[null, 0]],
    revision: 1,
  })
  expect(checkEtcd(history).verdict).toBe('invalid')
  expect(revisionsChecker.check({ history }).verdict).toBe('invalid')
})

test('a write is never stale, even when its invocation says serializable', () => {
  const put = { f: 'put', key: 'k', value: 'w', serializable: true }
  expect(checkEtcd(after(put, { f: 'put', key: 'k', revision: 2 })).verdict).toBe('invalid')
  expect(checkEtcd(after(put, { f: 'put', key: 'k', revision: 3 })).verdict).toBe('valid')
})

test('a transaction without steps answers no revision from after its completion', () => {
  const answered = (revision: number) =>
    checkEtcd(after(txn(), { f: 'txn', applied: true, value: [], revision })).verdict
  expect([answered(1), answered(2)]).toEqual(['valid', 'valid'])
  expect(answered(3)).toBe('invalid')
})

test.each([
  [
    'puts a key twice',
    [
      ['put', 'a', '1'],
      ['put', 'a', '2'],
    ],
  ],
  [
    'puts and deletes a key',
    [
      ['delete', 'a'],
      ['put', 'a', '2'],
    ],
  ],
])('an acknowledged transaction that %s in one branch is impossible', (_, steps) => {
  const judged = (type: 'ok' | 'info', branch: 'then' | 'else') => {
    const value = Object.fromEntries([
      ['compare', []],
      ['then', []],
      ['else', []],
      [branch, steps],
    ])
    const results = branch === 'then' ? steps.map(([f]) => (f === 'put' ? null : 0)) : []
    const answer = { type, f: 'txn', applied: true, value: results }
    const revision = branch === 'then' ? 3 : 2
    return checkEtcd(after({ f: 'txn', value }, { ...answer, revision }))
  }
  for (const branch of ['then', 'else'] as const) {
    const verdict = judged('ok', branch)
    expect(verdict).toMatchObject({ verdict: 'invalid', code: 'impossible-answer' })
    expect(verdict.reason).toContain('writes a twice')
  }
  expect(judged('info', 'then').verdict).toBe('valid')
})

test('a transaction may write a key once in each branch, and delete it twice', () => {
  const branches = Object.fromEntries([
    ['compare', []],
    [
      'then',
      [
        ['delete', 'a'],
        ['delete', 'a'],
        ['put', 'b', '1'],
      ],
    ],
    ['else', [['put', 'b', '2']]],
  ])
  const answer = { f: 'txn', applied: true, value: [0, 0, null], revision: 3 }
  expect(checkEtcd(after({ f: 'txn', value: branches }, answer)).verdict).toBe('valid')
})
