import { expect, test } from 'vitest'
import type { History, HistoryEvent } from './operations.ts'
import { longestOutage } from './outages.ts'

const ms = 1_000_000

/** One request a row: f, invoked at, answered at (ms) and how; no answer = never completed. */
type Row = readonly [
  f: string,
  invokedMs: number,
  answeredMs?: number,
  type?: 'ok' | 'fail' | 'info',
]

function historyOf(rows: readonly Row[], extra: Partial<HistoryEvent> = {}): History {
  const events = rows.flatMap(([f, invokedMs, answeredMs, type = 'ok'], process) => [
    { type: 'invoke', process, f, key: 'k', timeNs: invokedMs * ms, ...extra },
    ...(answeredMs === undefined ? [] : [{ type, process, f, timeNs: answeredMs * ms }]),
  ])
  events.sort((a, b) => a.timeNs - b.timeNs)
  const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
  return { header, events: events as HistoryEvent[] }
}

const steady = (f: string, fromMs: number, toMs: number): Row[] =>
  Array.from({ length: (toMs - fromMs) / 10 }, (_, index) => {
    const at = fromMs + index * 10
    return [f, at, at + 2] as const
  })

test('an outage lasts from the first request that did not succeed to the next success', () => {
  const history = historyOf([
    ...steady('put', 0, 1_000),
    ['put', 1_000, 1_500, 'fail'],
    ['put', 1_010],
    ['put', 1_800, 1_900, 'info'],
    ...steady('put', 2_000, 3_000),
  ])
  const outage = longestOutage(history, 'write', { fromNs: 999 * ms })
  expect(outage).toMatchObject({ outageMs: 1_002, beginNs: 1_000 * ms, endNs: 2_002 * ms })
  expect(outage.recovered).toBe(true)
  expect(outage.resolutionMs).toBe(790)
})

test('a request that waited through the fault and then succeeded is part of the outage', () => {
  const history = historyOf([...steady('put', 0, 100), ['put', 100, 1_100], ['put', 110, 1_101]])
  expect(longestOutage(history, 'write', { fromNs: 95 * ms }).outageMs).toBe(1_000)
})

test('without a fault the longest outage is one request long', () => {
  const history = historyOf(steady('put', 0, 1_000))
  const outage = longestOutage(history, 'write', { fromNs: 500 * ms })
  expect(outage).toMatchObject({ outageMs: 2, recovered: true, resolutionMs: 10 })
})

test('reads and writes are measured apart, and serializable reads in neither', () => {
  const rows: Row[] = [['put', 0, 900], ...steady('get', 0, 1_000)]
  const window = { fromNs: 10 * ms }
  expect(longestOutage(historyOf(rows), 'write', window).outageMs).toBe(900)
  expect(longestOutage(historyOf(rows), 'linearizable-read', window).outageMs).toBe(2)
  const local = historyOf(rows, { serializable: true })
  expect(longestOutage(local, 'linearizable-read', window).attempts).toBe(0)
})

test('an outage without an end is not recovered, and lasts to the last request', () => {
  const history = historyOf([
    ...steady('put', 0, 100),
    ['put', 100, 5_100, 'info'],
    ['put', 4_000, 9_000, 'info'],
  ])
  const outage = longestOutage(history, 'write', { fromNs: 95 * ms })
  expect(outage).toMatchObject({ outageMs: 3_900, recovered: false, endNs: null })
})

test('a last request without an answer is no outage', () => {
  const history = historyOf([...steady('put', 0, 100), ['put', 100, 5_100, 'info']])
  const outage = longestOutage(history, 'write', { fromNs: 50 * ms })
  expect(outage).toMatchObject({ outageMs: 2, recovered: true })
})

test('an outage before the fault, or begun after the window, is not counted', () => {
  const history = historyOf([
    ...steady('put', 0, 100),
    ['put', 100, 900],
    ...steady('put', 1_000, 2_000),
    ['put', 2_000, 2_700],
  ])
  const window = { fromNs: 1_000 * ms, toNs: 1_500 * ms }
  expect(longestOutage(history, 'write', window).outageMs).toBe(2)
})

test('a class without requests has no attempts and no resolution', () => {
  const outage = longestOutage(historyOf(steady('get', 0, 1_000)), 'write', { fromNs: 0 })
  expect(outage).toMatchObject({ outageMs: 0, attempts: 0, recovered: true })
  expect(outage.resolutionMs).toBeGreaterThan(900)
})

test('the deletion that etcd makes when a lease ends is no attempt', () => {
  const asked = historyOf(steady('put', 0, 1_000)).events
  const may = { type: 'invoke', f: 'txn', expiryOf: '7' } as const
  const ends = [999, 1_500].map((at) => ({ ...may, process: at, timeNs: at * ms }))
  const { header } = historyOf([])
  const outage = longestOutage({ header, events: [...asked, ...ends] }, 'write', { fromNs: 0 })
  expect(outage.recovered).toBe(true)
  expect(outage.outageMs).toBeLessThan(20)
})
