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
