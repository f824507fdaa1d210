import { expect, test } from 'vitest'
import type { LeaseEntry, LeaseLog } from '../history/logs/lease.ts'
import type { HistoryEvent, HistoryHeader } from '../history/operations.ts'
import type { CheckInput, FinalState } from './checker.ts'
import { isJustifiedRefusal, refusalsChecker } from './refusals.ts'

/** A request and its answer, one after the other. */
type Row = readonly [invoke: Record<string, unknown>, answer: Record<string, unknown>]

function judge(rows: readonly Row[], rest: Partial<CheckInput> = {}, header = {}) {
  const events = rows.flatMap(([invoke, answer], process): HistoryEvent[] => [
    { type: 'invoke', process, f: 'get', key: 'k', timeNs: 2e9 * process, ...invoke } as never,
    {
      type: 'ok',
      process,
      f: invoke.f ?? 'get',
      timeNs: 2e9 * process + 1e9,
      ...answer,
    } as never,
  ])
  const headers: HistoryHeader = { format: 'gauntlet-history/1', model: 'etcd', ...header }
  const { verdict, code, reason } = refusalsChecker.check({
    history: { header: headers, events },
    options: {},
    ...rest,
  })
  return { verdict, code, reason }
}

const refused = (error: string) => ({ type: 'fail', error: `Put at m1: CODE: ${error}` })
const compacted = refused('etcdserver: mvcc: required revision has been compacted')
const future = refused('etcdserver: mvcc: required revision is a future revision')
const noLease = refused('etcdserver: requested lease not found')
const tooLarge = refused('etcdserver: request is too large')
const full = { ...refused('etcdserver: mvcc: database space exceeded'), type: 'info' }
const finalOf = (compactRevision?: number): FinalState => ({
  members: [
    {
      member: 'm1',
      revision: 99,
      keys: {},
      hash: 1,
      hashRevision: 99,
      ...(compactRevision !== undefined && { compactRevision }),
    },
  ],
})

test('answers without a refusal are valid, and without an answer nothing is judged', () => {
  expect(judge([[{}, {}]]).verdict).toBe('valid')
  expect(judge([[{}, refused('etcdserver: leader changed')]]).verdict).toBe('valid')
  expect(judge([]).verdict).toBe('unknown')
})

test('a compaction is believed up to the revision of the last one', () => {
  const read: Row = [{ f: 'range', atRevision: 7 }, compacted]
  expect(judge([read], { final: finalOf(8) }).verdict).toBe('valid')
  expect(judge([read]).verdict).toBe('valid')
  expect(judge([read], { final: finalOf() }).verdict).toBe('valid')
  for (const last of [-1, 0, 7]) {
    const { code } = judge([read], { final: finalOf(last) })
    expect(code).toBe('compacted-without-compaction')
  }
  const put = judge([[{ f: 'put', value: 'v' }, compacted]], { final: finalOf(8) })
  expect(put).toMatchObject({ code: 'compacted-without-compaction' })
  expect(put.reason).toContain('but it named no revision')
})

test('a revision of the future was answered by no request before', () => {
  const answer: Row = [{ member: 'm1' }, { revision: 7 }]
  const read = (atRevision: number, more = {}): Row => [{ f: 'range', atRevision, ...more }, future]
  expect(judge([answer, read(8)]).verdict).toBe('valid')
  expect(judge([answer, read(7)]).code).toBe('future-revision-is-past')
  expect(judge([read(7), answer]).verdict).toBe('valid')
  const lagging = { serializable: true, member: 'm2' }
  expect(judge([answer, read(7, lagging)]).verdict).toBe('valid')
  expect(judge([answer, read(7, { ...lagging, member: 'm1' })]).code).toBe(
    'future-revision-is-past',
  )
})

const leases = (...more: LeaseEntry[]): LeaseLog => ({
  header: { format: 'gauntlet-lease/1', slackMs: 1 },
  entries: [
    {
      type: 'invoke',
      process: 90,
      f: 'grant',
      lease: '5',
      ttlS: 4,
      member: 'm1',
      timeNs: 1,
    },
    { type: 'ok', process: 90, f: 'grant', lease: '5', ttlS: 4, timeNs: 2 },
    ...more,
  ],
})
const revoke = { process: 90, f: 'revoke', lease: '5', member: 'm1', timeNs: 3 } as const

test('a lease is there until it expires or a client asks to revoke it', () => {
  const get: Row = [{}, {}]
  const put: Row = [{ f: 'put', value: 'v', lease: '5' }, noLease]
  expect(judge([get, put], { leases: leases() }).code).toBe('lease-is-alive')
  expect(judge([get, get, put], { leases: leases() }).verdict).toBe('valid')
  expect(judge([put], { leases: leases() }).verdict).toBe('valid')
  const asked = leases({ type: 'invoke', ...revoke })
  expect(judge([get, put], { leases: asked }).verdict).toBe('valid')
  expect(judge([get, [{ f: 'put', value: 'v' }, noLease]]).code).toBe('lease-is-alive')
})

test('a request below the limit is not too large, and the limit is the one of the flags', () => {
  const put = (bytes: number): Row => [{ f: 'put', value: 'v'.repeat(bytes) }, tooLarge]
  expect(judge([put(1_600_000)]).verdict).toBe('valid')
  expect(judge([put(700_000)]).code).toBe('too-large-below-limit')
  const options = { 'max-request-bytes': '1000' }
  expect(judge([put(700_000)], { options }).verdict).toBe('valid')
  expect(judge([put(10)], { options }).code).toBe('too-large-below-limit')
  const events = { history: judgeable(put(10)) }
  expect(refusalsChecker.check(events).verdict).toBe('valid')
})

function judgeable([invoke, answer]: Row): CheckInput['history'] {
  const common = { process: 1, f: 'put', key: 'k' }
  return {
    header: { format: 'gauntlet-history/1', model: 'etcd' },
    events: [
      { ...common, type: 'invoke', timeNs: 1, ...invoke },
      { ...common, timeNs: 2, type: 'fail', ...answer },
    ],
  }
}

test('a transaction within the limits has neither too many operations nor a key twice', () => {
  const txn = (keys: readonly string[], error: string): Row => {
    const then = keys.map((key) => ['put', key, 'v'])
    const steps = { compare: [], then, else: [] }
    return [{ f: 'txn', key: undefined, value: steps }, refused(error)]
  }
  const many = 'etcdserver: too many operations in txn request'
  const twice = 'etcdserver: duplicate key given in txn request'
  expect(judge([txn(['a', 'b'], many)]).code).toBe('too-many-operations-below-limit')
  expect(judge([txn(['a', 'b'], many)], { options: { 'max-txn-ops': '1' } }).verdict).toBe('valid')
  expect(judge([txn(['a', 'b'], twice)]).code).toBe('key-is-not-repeated')
  expect(judge([txn(['a', 'a'], twice)]).verdict).toBe('valid')
  const none = refused('etcdserver: key is not provided')
  expect(judge([[{ f: 'put', value: 'v' }, none]]).code).toBe('key-is-given')
})

test('a quota that the clients cannot have filled is not full', () => {
  const put: Row = [{ f: 'put', value: 'v' }, full]
  expect(judge([put]).code).toBe('space-exceeded-below-quota')
  expect(judge([put], { options: { 'quota-backend-bytes': '-1' } }).code).toBe(
    'space-exceeded-below-quota',
  )
  expect(judge([put], { options: { 'quota-backend-bytes': '1000' } }).verdict).toBe('valid')
  expect(judge([put], {}, { foreignWrites: true }).verdict).toBe('valid')
  const logs = { m1: ['{"level":"warn","msg":"alarm raised","alarm":"NOSPACE"}'] }
  expect(judge([put], { logs }).verdict).toBe('valid')
})

test('a refusal for what the request asks is no lack of service', () => {
  expect(isJustifiedRefusal(compacted.error)).toBe(true)
  for (const { error } of [full, refused('etcdserver: too many requests')]) {
    expect(isJustifiedRefusal(error)).toBe(false)
  }
})
