import { expect, test } from 'vitest'
import type { HistoryEvent } from '../history/operations.ts'
import { lockChecker } from './lock.ts'

const key = 'lock/a'
let time = 0

function take(owner: string, applied = true): HistoryEvent[] {
  const at = { process: time, f: 'cas', key, timeNs: ++time }
  return [
    { type: 'invoke', ...at, value: [null, owner] },
    { type: 'ok', ...at, applied, revision: 2 },
  ]
}

function give(type: 'ok' | 'info' | 'fail' = 'ok'): HistoryEvent[] {
  const at = { process: time, f: 'delete', key, timeNs: ++time }
  return [
    { type: 'invoke', ...at },
    { type, ...at, ...(type === 'ok' && { deleted: 1, revision: 3 }) },
  ]
}

function verdictOf(...events: HistoryEvent[][]) {
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return lockChecker.check({ history: { header, events: events.flat() } })
}

test('a lock passes from one holder to the next, and a rejected attempt changes nothing', () => {
  expect(verdictOf(take('one'), take('two', false), give(), take('two')).verdict).toBe('valid')
})

test('a second grant before the first holder sends its release is invalid', () => {
  const { verdict, reason } = verdictOf(take('one'), take('two'), give())
  expect(verdict).toBe('invalid')
  expect(reason).toBe('lock/a was granted to two while one held it')
})

test('a violation names both grants, and what happened to the lock before the second', () => {
  const { evidence } = verdictOf(take('one'), give(), take('two'), take('three'), give())
  expect(evidence?.violations).toEqual([
    {
      key,
      holder: { owner: 'two', operation: 4 },
      second: { owner: 'three', operation: 6 },
      grants: [
        { owner: 'one', operation: 0 },
        { owner: 'two', operation: 4 },
        { owner: 'three', operation: 6 },
      ],
      releases: [2],
    },
  ])
})

test('a lock may be granted again after an unknown release and not after a failed one', () => {
  expect(verdictOf(take('one'), give('info'), take('two')).verdict).toBe('valid')
  expect(verdictOf(take('one'), give('fail'), take('two')).verdict).toBe('invalid')
})

test('a lock may be granted again before its release is answered', () => {
  const [invoked = [], answered = []] = give().map((event) => [event])
  expect(verdictOf(take('one'), invoked, take('two'), answered).verdict).toBe('valid')
})

test('without a grant the verdict is unknown', () => {
  expect(verdictOf(take('one', false)).verdict).toBe('unknown')
})

const answered = { type: 'ok', applied: true }

function txn(branches: object, completion: object): HistoryEvent[] {
  const at = { process: time, f: 'txn', timeNs: ++time }
  const value = { ...branches, else: [] }
  return [
    { type: 'invoke', ...at, value },
    { ...at, type: 'ok', ...completion },
  ]
}

const branches = (compare: unknown[], step: unknown[]) =>
  Object.fromEntries([
    ['compare', [compare]],
    ['then', [step]],
  ])
const takeByTxn = (owner: string, completion: object = answered) =>
  txn(branches([key, 'mod', '=', 0], ['put', key, owner]), completion)
const giveByTxn = (owner: string, completion: object = answered) =>
  txn(branches([key, 'value', '=', owner], ['delete', key]), completion)

test('transactions take and release locks', () => {
  const refused = { type: 'ok', applied: false }
  const turns = [takeByTxn('one'), takeByTxn('two', refused), giveByTxn('one'), takeByTxn('two')]
  expect(verdictOf(...turns)).toMatchObject({ verdict: 'valid', operations: 2 })
  expect(verdictOf(takeByTxn('one'), takeByTxn('two')).verdict).toBe('invalid')
  expect(
    verdictOf(takeByTxn('one'), giveByTxn('one', { type: 'fail' }), takeByTxn('two')).verdict,
  ).toBe('invalid')
})

test('a client that does not hold a lock cannot release it', () => {
  expect(verdictOf(takeByTxn('one'), giveByTxn('zero'), takeByTxn('two')).verdict).toBe('invalid')
})

test('a rejected release leaves the lock with its holder', () => {
  const refused = { type: 'ok', applied: false }
  const turns = [takeByTxn('one'), giveByTxn('one', refused), takeByTxn('two')]
  expect(verdictOf(...turns).verdict).toBe('invalid')
  const late = [takeByTxn('one'), giveByTxn('one', { type: 'info' })]
  expect(verdictOf(...late, giveByTxn('one', refused), takeByTxn('two')).verdict).toBe('valid')
})

test('a client whose grant is not acknowledged holds no lock', () => {
  const unheard = { type: 'ok', applied: true, settled: true }
  expect(verdictOf(takeByTxn('one'), takeByTxn('two', unheard)).verdict).toBe('valid')
})

test('a delete that removed nothing releases nothing', () => {
  const nothing = give().map((event) => (event.type === 'ok' ? { ...event, deleted: 0 } : event))
  expect(verdictOf(take('one'), nothing, take('two')).verdict).toBe('invalid')
  const byTxn = giveByTxn('one', { ...answered, value: [0] })
  expect(verdictOf(takeByTxn('one'), byTxn, takeByTxn('two')).verdict).toBe('invalid')
  expect(
    verdictOf(takeByTxn('one'), giveByTxn('one', { ...answered, value: [1] }), takeByTxn('two'))
      .verdict,
  ).toBe('valid')
})

/** Events of requests that overlap: each number is the index of a request, first its sending. */
function overlapping(requests: readonly HistoryEvent[][], order: readonly number[]) {
  const sent = new Set<number>()
  return order.map((at) => {
    const [invoked, completed] = requests[at] as [HistoryEvent, HistoryEvent]
    const event = sent.has(at) ? completed : invoked
    sent.add(at)
    return { ...event, process: at } as HistoryEvent
  })
}

test('a release that was sent before a grant may have taken that lock', () => {
  const requests = [take('one'), give(), give(), take('two'), take('three')]
  // The second delete takes the lock of two, which was granted while it was under way.
  const order = [0, 0, 1, 2, 1, 3, 3, 2, 4, 4]
  expect(verdictOf(overlapping(requests, order)).verdict).toBe('valid')
  const late = [0, 0, 1, 2, 1, 2, 3, 3, 4, 4]
  expect(verdictOf(overlapping(requests, late)).verdict).toBe('invalid')
})

test('an answer that comes late may be of the earlier grant', () => {
  const requests = [take('one'), give(), take('two')]
  // One was granted, lost it to the delete, and two was granted before the answer to one arrived.
  expect(verdictOf(overlapping(requests, [0, 1, 1, 2, 2, 0])).verdict).toBe('valid')
  expect(verdictOf(overlapping([take('one'), take('two')], [0, 1, 1, 0])).verdict).toBe('invalid')
})

test('one release does not excuse two grants', () => {
  const events = [take('one'), give('info'), take('two'), take('three')]
  expect(verdictOf(...events.slice(0, 3)).verdict).toBe('valid')
  expect(verdictOf(...events).verdict).toBe('invalid')
})
