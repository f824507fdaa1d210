import { expect, test } from 'vitest'
import type { History, HistoryEvent } from '../history/operations.ts'
import { checkCount, type Written, writtenBetween } from './count-check.ts'

const between = (atLeast: number, atMost: number) => ({ atLeast, atMost })

const written: Written = {
  revisionBefore: 10,
  revisionAfter: 110,
  created: { atLeast: 100, atMost: 100 },
  unsettled: 0,
  others: { acknowledged: 0, unknown: 0 },
}

test('a count that equals the difference of the revisions holds', () => {
  expect(checkCount(written)).toMatchObject({ atLeast: 100, atMost: 100, holds: true })
})

test('a count that is off by one write does not hold', () => {
  expect(checkCount({ ...written, created: between(101, 101) }).holds).toBe(false)
  expect(checkCount({ ...written, created: between(99, 99) }).holds).toBe(false)
  expect(checkCount({ ...written, created: between(100, 99) }).holds).toBe(false)
})

test('unknown writes, those of earlier rounds too, may have taken effect or not', () => {
  expect(checkCount({ ...written, created: between(97, 100) }).holds).toBe(true)
  expect(checkCount({ ...written, created: between(97, 100), revisionAfter: 107 }).holds).toBe(true)
  expect(checkCount({ ...written, created: between(97, 100), revisionAfter: 106 }).holds).toBe(
    false,
  )
  expect(checkCount({ ...written, unsettled: 2, revisionAfter: 112 }).holds).toBe(true)
  expect(checkCount({ ...written, unsettled: 2, revisionAfter: 113 }).holds).toBe(false)
})

test('other clients’ writes are subtracted exactly', () => {
  const others = { acknowledged: 3, unknown: 1 }
  const holds = (revisionAfter: number) => checkCount({ ...written, others, revisionAfter }).holds
  expect([112, 113, 114, 115].map(holds)).toEqual([false, true, true, false])
})

test('the workload’s puts count when their revision lies between; unknown ones may', () => {
  const put = (process: number, type: 'ok' | 'fail' | 'info' | undefined, revision?: number) => {
    const event = { process, f: 'put', key: 'k', timeNs: 1 }
    const observed = revision === undefined ? {} : { revision }
    const invoke: HistoryEvent = { ...event, type: 'invoke', value: `v${process}` }
    return type === undefined ? [invoke] : [invoke, { ...event, type, ...observed } as HistoryEvent]
  }
  const get = [
    { type: 'invoke', process: 9, f: 'get', key: 'k', timeNs: 1 },
    { type: 'ok', process: 9, f: 'get', key: 'k', timeNs: 2, value: 'v', revision: 50 },
  ] satisfies HistoryEvent[]
  const events = [
    ...put(1, 'ok', 10),
    ...put(2, 'ok', 11),
    ...put(3, 'ok', 110),
    ...put(4, 'ok', 111),
    ...put(5, 'fail'),
    ...put(6, 'info'),
    ...get,
  ]
  const history: History = { header: { format: 'gauntlet-history/1', model: 'etcd' }, events }
  const span = { after: 10, upTo: 110, events: events.length }
  expect(writtenBetween(history, span)).toEqual({ acknowledged: 2, unknown: 1 })
  const open = { ...history, events: [...events, ...put(7, undefined)] }
  expect(writtenBetween(open, { ...span, events: open.events.length })).toBeUndefined()
  expect(writtenBetween(open, span)).toEqual({ acknowledged: 2, unknown: 1 })
})

test('deletes and transactions count when they changed something, reading ones never', () => {
  const asked = (then: unknown, otherwise: unknown = []) => {
    return JSON.parse(JSON.stringify({ compare: [], then, else: otherwise })) as object
  }
  const answered = (process: number, f: string, value: unknown, answer: object) => {
    const event = { process, f, key: 'k', timeNs: 1 }
    const invoke = { ...event, type: 'invoke', value } as HistoryEvent
    return [invoke, { ...event, type: 'ok', revision: 20, ...answer } as HistoryEvent]
  }
  const put = ['put', 'a', 'v']
  const events = [
    ...answered(1, 'delete', undefined, { deleted: 1 }),
    ...answered(2, 'delete', undefined, { deleted: 0 }),
    ...answered(3, 'txn', asked([put], [['get', 'a']]), { applied: true, value: [null] }),
    ...answered(4, 'txn', asked([put], [['get', 'a']]), { applied: false, value: [null] }),
    ...answered(5, 'txn', asked([['delete', 'a']]), { applied: true, value: [1] }),
    ...answered(6, 'txn', asked([['delete', 'a']]), { applied: true, value: [0] }),
    ...answered(7, 'txn', asked([['get', 'a']]), { applied: true, value: [[null, 0]] }),
  ]
  const history: History = { header: { format: 'gauntlet-history/1', model: 'etcd' }, events }
  const span = { after: 10, upTo: 110, events: events.length }
  expect(writtenBetween(history, span)).toEqual({ acknowledged: 3, unknown: 0 })
})
