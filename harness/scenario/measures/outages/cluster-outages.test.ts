import { expect, test } from 'vitest'
import type { OperationClass } from '../../../history/operation-class.ts'
import type { History, HistoryEvent } from '../../../history/operations.ts'
import { attemptsOf } from '../attempts.ts'
import { type ClassOutages, findOutages } from './cluster-outages.ts'
import type { Outage } from './unserved-spans.ts'

const ms = 1_000_000
const times = { patienceNs: 1_000 * ms, steadyNs: 500 * ms, deadlineNs: 1_000 * ms }

/** One request a row: f, invoked at, answered at (ms) and how; no answer = never completed. */
type Row = readonly [
  f: string,
  invokedMs: number,
  answeredMs?: number | undefined,
  type?: 'ok' | 'fail' | 'info',
  more?: Partial<HistoryEvent>,
]

function historyOf(rows: readonly Row[]): History {
  const events = rows.flatMap(([f, invokedMs, answeredMs, type = 'ok', more = {}], process) => [
    { type: 'invoke', process, f, key: 'k', timeNs: invokedMs * ms, ...more },
    ...(answeredMs === undefined ? [] : [{ type, process, f, timeNs: answeredMs * ms }]),
  ])
  events.sort((a, b) => a.timeNs - b.timeNs)
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return { header, events: events as HistoryEvent[] }
}

function outagesIn(rows: readonly Row[], requestClass: OperationClass = 'write'): ClassOutages {
  const attempts = attemptsOf(historyOf(rows))
  return findOutages(
    attempts.filter((attempt) => attempt.requestClass === requestClass),
    times,
  )
}

const longestOf = (outages: readonly Outage[] = []) =>
  outages.toSorted(
    (one, other) => other.leastMs - one.leastMs || (other.mostMs ?? 0) - (one.mostMs ?? 0),
  )[0]

const longest = (rows: readonly Row[], requestClass?: OperationClass) =>
  longestOf(outagesIn(rows, requestClass).cluster)

/** A request every ten milliseconds, answered after two. */
function steady(f: string, fromMs: number, toMs: number, more: Partial<HistoryEvent> = {}): Row[] {
  return Array.from({ length: (toMs - fromMs) / 10 }, (_, index) => {
    const at = fromMs + index * 10
    return [f, at, at + 2, 'ok', more] as const
  })
}

test('an outage lasts from the first request that did not succeed to the next success', () => {
  const answered: Row[] = [
    ...steady('put', 0, 1_000),
    ['put', 1_000, 1_500, 'fail'],
    ['put', 1_800, 1_900, 'info'],
    ...steady('put', 2_000, 3_000),
  ]
  const [beginNs, endNs, mostMs] = [1_000 * ms, 2_002 * ms, 2_002 - 992]
  // Between the last refusal and the next request, nothing shows that it was still out.
  expect(longest(answered)).toEqual({ beginNs, endNs, leastMs: 900, mostMs })
  expect(longest([...answered, ['put', 1_010]])).toEqual({ beginNs, endNs, leastMs: 1_002, mostMs })
})

test('a request that waited through the fault and then succeeded is part of the outage', () => {
  const outage = longest([...steady('put', 0, 100), ['put', 100, 1_100], ['put', 110, 1_101]])
  expect(outage).toMatchObject({ leastMs: 1_000, mostMs: 1_008 })
})

test('without a fault the longest outage is one request long', () => {
  const outage = longest(steady('put', 0, 1_000))
  expect(outage).toMatchObject({ leastMs: 2, mostMs: 10 })
})

test('reads and writes are measured apart, and serializable reads in neither', () => {
  const rows: Row[] = [['put', 0, 900], ...steady('get', 0, 1_000)]
  expect(longest(rows)?.leastMs).toBe(900)
  expect(longest(rows, 'linearizable-read')?.leastMs).toBe(2)
  const local = steady('get', 0, 1_000, { serializable: true })
  expect(longest(local, 'linearizable-read')).toBeUndefined()
  expect(longest(local, 'serializable-read')?.leastMs).toBe(2)
})

test('an outage without an end has no upper bound, and lasts as long as a request was open', () => {
  const outage = longest([
    ...steady('put', 0, 100),
    ['put', 100, 5_100, 'info'],
    ['put', 4_000, 9_000, 'info'],
  ])
  expect(outage).toMatchObject({ leastMs: 8_900, mostMs: null, endNs: null })
})

test('an only write without an answer is an outage whose end was not seen', () => {
  expect(longest([['put', 100, 5_100, 'info']])).toMatchObject({ leastMs: 5_000, mostMs: null })
  expect(longest([['put', 100]])).toMatchObject({ leastMs: 0, mostMs: null })
})

test('an outage without an end is not hidden by a longer one that ended', () => {
  const rows: Row[] = [
    ...steady('put', 0, 100),
    ['put', 100, 3_100, 'info'],
    ...steady('put', 3_200, 4_000),
    ['put', 4_000, 5_000, 'info'],
  ]
  const { cluster } = outagesIn(rows)
  expect(longestOf(cluster)?.leastMs).toBe(3_000)
  expect(cluster.filter(({ mostMs }) => mostMs === null)).toMatchObject([{ leastMs: 1_000 }])
})

test('a success among many failures ends no outage', () => {
  const rows = Array.from({ length: 1_000 }, (_, index): Row => {
    const at = index * 10
    return index % 10 === 0 ? ['put', at, at + 2] : ['put', at, at + 1_000, 'info']
  })
  expect(longest(rows)).toMatchObject({ mostMs: null })
  expect(longest(rows)?.leastMs).toBeGreaterThan(9_900)
})

test('an outage ends where the service is steady, and a later one is another', () => {
  const rows: Row[] = [
    ...steady('put', 0, 100),
    ['put', 100, 101, 'fail'],
    ...steady('put', 110, 400),
    ['put', 400, 401, 'fail'],
    ...steady('put', 410, 1_000),
    ['put', 1_000, 1_001, 'fail'],
    ...steady('put', 1_010, 2_000),
  ]
  const notable = outagesIn(rows).cluster.filter(({ leastMs }) => leastMs > 20 || leastMs === 1)
  expect(notable.map(({ beginNs, leastMs }) => [beginNs / ms, leastMs])).toEqual([
    [100, 301],
    [1_000, 1],
  ])
})

test('a request that succeeds after an election timeout was not served in time', () => {
  const rows: Row[] = Array.from({ length: 300 }, (_, index) => {
    const at = index * 10
    return ['put', at, at + (index % 3 === 0 ? 1_500 : 2)]
  })
  expect(longest(rows)?.leastMs).toBeGreaterThan(2_900)
})

test('a request that was sent late leaves the time before it open', () => {
  const late = 2_000 * ms
  const outage = longest([
    ...steady('put', 0, 100),
    ['put', 2_100, 2_102, 'ok', { lateNs: late }],
    ...steady('put', 2_110, 3_000),
  ])
  expect(outage).toMatchObject({ leastMs: 2 })
  const most = Math.max(
    ...outagesIn([
      ...steady('put', 0, 100),
      ['put', 2_100, 2_102, 'ok', { lateNs: late }],
    ]).cluster.map(({ mostMs }) => mostMs ?? 0),
  )
  expect(most).toBe(2_102 - 92)
  expect(attemptsOf(historyOf([['put', 2_100, 2_102, 'ok', { lateNs: late }]]))).toMatchObject([
    { dueNs: 100 * ms, sentNs: 2_100 * ms },
  ])
})

test('the deletion that etcd makes when a lease ends is no attempt', () => {
  const ends = [999, 1_500].map((at): Row => ['txn', at, undefined, 'ok', { expiryOf: '7' }])
  const outage = longest([...steady('put', 0, 1_000), ...ends])
  expect(outage).toMatchObject({ leastMs: 2, mostMs: 10 })
})

const at = (member: string) => ({ member })

test("one member's outage is its clients', and no outage of the cluster", () => {
  const refused = Array.from({ length: 800 }, (_, index): Row => {
    const time = 1_000 + index * 10
    return ['put', time, time + 1, 'fail', at('m2')]
  })
  const { cluster, members } = outagesIn([
    ...steady('put', 0, 10_000, at('m1')),
    ...steady('put', 0, 1_000, at('m2')),
    ...refused,
    ...steady('put', 9_000, 10_000, at('m2')),
  ])
  expect(longestOf(members.get('m2'))).toMatchObject({ leastMs: 7_991, mostMs: 8_010 })
  expect(longestOf(members.get('m1'))?.leastMs).toBe(2)
  expect(longestOf(cluster)?.leastMs).toBe(2)
})

test('the cluster is out while every member is', () => {
  const { cluster } = outagesIn([
    ...steady('put', 0, 100, at('m1')),
    ...steady('put', 5, 105, at('m2')),
    ['put', 100, 1_100, 'ok', at('m1')],
    ['put', 200, 1_300, 'ok', at('m2')],
    ...steady('put', 1_200, 2_000, at('m1')),
  ])
  expect(longestOf(cluster)).toMatchObject({ beginNs: 200 * ms, endNs: 1_100 * ms, leastMs: 900 })
})

test('a last request that one member leaves unanswered is no outage of a cluster that serves', () => {
  const { cluster, members } = outagesIn([
    ...steady('put', 0, 1_000, at('m1')),
    ...steady('put', 5, 1_005, at('m2')),
    ['put', 1_000, 2_000, 'info', at('m2')],
  ])
  expect(longestOf(members.get('m2'))).toMatchObject({ leastMs: 1_000, mostMs: null })
  expect(cluster.every(({ mostMs }) => mostMs !== null && mostMs <= 10)).toBe(true)
})

test('a member that is asked no more hinders no outage of the others', () => {
  const { cluster } = outagesIn([
    ...steady('put', 0, 100, at('gone')),
    ...steady('put', 0, 3_000, at('m1')),
    ['put', 3_000, 7_000, 'info', at('m1')],
    ...steady('put', 7_000, 8_000, at('m1')),
  ])
  expect(longestOf(cluster)).toMatchObject({ leastMs: 4_002 })
})
