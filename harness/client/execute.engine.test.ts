import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cluster, Member } from '../cluster/types.ts'
import { done, notYet, poll } from '../core/poll.ts'
import type { Completion } from '../history/recorder.ts'
import type { Request, SingleRequest } from '../history/request.ts'
import { issueCluster } from '../pki/authority.ts'
import { txn as transaction } from '../workload/program.ts'
import { execute } from './execute.ts'
import type { MemberClient } from './member-client.ts'
import { type ClientCluster, startClientCluster } from './testing/client-cluster.ts'

let started: ClientCluster
let cluster: Cluster
let clients: readonly MemberClient[]

beforeAll(async () => {
  started = await startClientCluster()
  ;({ cluster, clients } = started)
})

afterAll(() => started?.[Symbol.asyncDispose]())

const send = (kind: SingleRequest['kind'], key: string, value?: SingleRequest['value']) => {
  const operation = { kind, key, ...(value !== undefined && { value }) }
  return execute(clients[0] as MemberClient, operation)
}

test('a transaction and a range return what a history records', async () => {
  const ask = (request: Request) => execute(clients[0] as MemberClient, request)
  const first = await send('put', 'txn/a', 'v1')
  const revision = first.revision ?? 0
  const value = transaction(
    [['txn/a', 'mod', '=', revision]],
    [
      ['get', 'txn/a'],
      ['put', 'txn/b', 'v2'],
      ['delete', 'txn/a'],
      ['delete', 'txn/none'],
    ],
  )
  const answered = { type: 'ok', revision: revision + 1 }
  const results = [['v1', revision], null, 1, 0]
  const metadata = [[revision, 1], null, null, null]
  expect(await ask(value)).toEqual({ ...answered, applied: true, value: results, metadata })
  const refused = transaction([['txn/b', 'value', '=', 'v3']], [], [['get', 'txn/a']])
  expect(await ask(refused)).toEqual({
    ...answered,
    applied: false,
    value: [[null, 0]],
    metadata: [null],
  })

  await send('put', 'txn/c', 'v3')
  const all = { kind: 'range', key: 'txn/', end: 'txn0' } as const
  const b = ['txn/b', 'v2', revision + 1]
  const observed = { type: 'ok', revision: revision + 2, more: false }
  const c = ['txn/c', 'v3', revision + 2]
  const dates = [
    [revision + 1, 1],
    [revision + 2, 1],
  ]
  expect(await ask(all)).toEqual({ ...observed, value: [b, c], metadata: dates, count: 2 })
  const page = { ...observed, value: [b], metadata: dates.slice(0, 1), count: 2, more: true }
  expect(await ask({ ...all, limit: 1 })).toEqual(page)
  const before = { ...all, atRevision: revision, serializable: true }
  expect(await ask(before)).toEqual({
    ...observed,
    count: 1,
    value: [['txn/a', 'v1', revision]],
    metadata: [[revision, 1]],
  })
})

test('each kind of operation returns its result and its revision', async () => {
  const first = await send('put', 'a', 'v1')
  const revision = first.revision ?? 0
  expect(first).toEqual({ type: 'ok', revision: expect.any(Number) })
  const state = { value: 'v1', modRevision: revision, createRevision: revision, version: 1 }
  const found = { type: 'ok', ...state, revision }
  expect(await send('get', 'a')).toEqual(found)
  expect(await send('serializable-get', 'a')).toEqual(found)
  const swapped = { type: 'ok', applied: true, revision: revision + 1 }
  expect(await send('cas', 'a', ['v1', 'v2'])).toEqual(swapped)
  expect(await send('cas', 'a', ['v1', 'v3'])).toEqual({ ...swapped, applied: false })
  expect(await send('cas', 'a', [null, 'v4'])).toEqual({ ...swapped, applied: false })
  expect(await send('cas', 'b', [null, 'v5'])).toEqual({ ...swapped, revision: revision + 2 })
  const deleted = { type: 'ok', deleted: 1, revision: revision + 3 }
  expect(await send('delete', 'a')).toEqual(deleted)
  expect(await send('delete', 'a')).toEqual({ ...deleted, deleted: 0 })
  const missing = { type: 'ok', value: null, modRevision: 0, revision: revision + 3 }
  expect(await send('get', 'a')).toEqual(missing)
})

test('a put and a delete return the previous value on request', async () => {
  const ask = (request: Request) => execute(clients[0] as MemberClient, request)
  const first = await ask({ kind: 'put', key: 'prev', value: 'v1', prevKv: true })
  expect(first).toMatchObject({ type: 'ok', prev: null })
  const second = await ask({ kind: 'put', key: 'prev', value: 'v2', prevKv: true })
  const created = { createRevision: first.revision, version: 1 }
  expect(second.prev).toEqual({ value: 'v1', modRevision: first.revision, ...created })
  const third = await ask({ kind: 'delete', key: 'prev', prevKv: true })
  const state = { value: 'v2', modRevision: second.revision, ...created, version: 2 }
  expect(third).toEqual({ type: 'ok', deleted: 1, revision: expect.any(Number), prev: state })
  expect(await ask({ kind: 'delete', key: 'prev', prevKv: true })).toMatchObject({ prev: null })
})

test('a definite rejection is fail, with its reason', async () => {
  expect(await send('put', '', 'v')).toMatchObject({ type: 'fail', error: /key is not provided/ })
  const large = await send('put', 'large', 'x'.repeat(2_000_000))
  expect(large).toMatchObject({ type: 'fail' })
  expect(large.error).toMatch(/request is too large/)
  expect(await send('get', 'large')).toMatchObject({ value: null })
})

test('the client does not trust a server of another CA, and the request is a definite failure', async () => {
  const [member] = cluster.members as [Member]
  const { caPem } = await issueCluster(cluster.spec, addressesOf())
  const credentials = { ...cluster.credentials, caPem }
  const client = started.connect(member, { credentials })
  const { type, error } = await execute(client, {
    kind: 'put',
    key: 'x',
    value: 'y',
  })
  client.close()
  expect(type).toBe('fail')
  expect(error).toMatch(/No connection established.*(certificate|signature)/)
})

test('etcd rejects a client of another CA, and the error says so', async () => {
  const [member] = cluster.members as [Member]
  const { client: pair } = await issueCluster(cluster.spec, addressesOf())
  const credentials = { caPem: cluster.credentials?.caPem ?? '', ...pair }
  const client = started.connect(member, { credentials })
  const { type, error } = await execute(client, {
    kind: 'put',
    key: 'x',
    value: 'y',
  })
  client.close()
  expect(type).not.toBe('ok')
  expect(error).toMatch(/certificate|unknown ca|ECONNRESET|Connection dropped|socket hang up/i)
  expect(await send('get', 'x')).toMatchObject({ value: null })
})

test('a paused member leaves the outcome unknown at the deadline, and answers once resumed', async () => {
  const member = cluster.members[1] as Member
  const client = clients[1] as MemberClient
  const operation = { kind: 'put', key: 'paused', value: 'v', memberIndex: 1 } as const
  expect(await execute(client, operation)).toMatchObject({ type: 'ok' })
  await member.pause()
  const startedMs = performance.now()
  const { type, error } = await execute(client, operation).finally(() => member.resume())
  const tookMs = performance.now() - startedMs
  expect(type).toBe('info')
  expect(error).toMatch(/DEADLINE_EXCEEDED/)
  expect(tookMs).toBeGreaterThan(900)
  expect(tookMs).toBeLessThan(5_000)
  await cluster.untilHealthy()
  expect(await execute(client, operation)).toMatchObject({ type: 'ok' })
})

test('a killed member’s closed port is a definite failure, and the client reconnects', async () => {
  const member = cluster.members[2] as Member
  const client = clients[2] as MemberClient
  const operation = { kind: 'put', key: 'killed', value: 'v', memberIndex: 2 } as const
  const open = Array.from({ length: 200 }, () => execute(client, operation))
  await member.kill()
  const outcomes = await Promise.all(open)
  for (const { type, error } of outcomes.filter((outcome) => outcome.type !== 'ok')) {
    const neverSent = error?.includes('No connection established') === true
    expect(type).toBe(neverSent ? 'fail' : 'info')
  }
  const { type, error } = await execute(client, operation)
  expect(error).toMatch(/No connection established/)
  expect(type).toBe('fail')
  await member.start()
  await poll(() => execute(client, operation).then(isOk), {
    what: 'the restarted member to answer',
    deadlineMs: 10_000,
  })
})

const isOk = (outcome: Completion) =>
  outcome.type === 'ok' ? done(outcome) : notYet(outcome.error ?? outcome.type)

const addressesOf = () =>
  Object.fromEntries(cluster.members.map(({ name, address }) => [name, address]))
