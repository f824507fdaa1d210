import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster } from '../cluster/start.ts'
import type { Cluster, Member } from '../cluster/types.ts'
import { stderrLog } from '../core/log.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import type { Completion } from '../history/recorder.ts'
import type { Request, SingleRequest } from '../history/request.ts'
import { issueCluster } from '../pki/authority.ts'
import { clusterSpec } from '../topology/presets.ts'
import { txn as transaction } from '../workload/program.ts'
import { openApplicationClient } from './application.ts'
import { execute } from './execute.ts'
import { deleteKeys, put, range, txn } from './kv.ts'
import { leaseGrant, leaseKeepAliveOnce, leaseRevoke, leases, leaseTimeToLive } from './lease.ts'
import { hashKV, moveLeader, snapshot, status } from './maintenance.ts'
import { connectMember, type MemberClient } from './member-client.ts'
import { memberList } from './membership.ts'
import { type WatchResponse, watch } from './watch.ts'

let cluster: Cluster
let clients: readonly MemberClient[]

beforeAll(async () => {
  const image = await resolveImage({ architecture: 'native', allowBuild: true, log: stderrLog() })
  cluster = await startCluster({
    spec: clusterSpec({ version: image.version, architecture: image.architecture }),
    runId: `suite-client-${randomBytes(4).toString('hex')}`,
    image: image.reference,
  })
  clients = cluster.members.map((member) => connect(member))
})

afterAll(async () => {
  for (const client of clients ?? []) client.close()
  await cluster?.[Symbol.asyncDispose]()
})

function connect(member: Member, overrides: Partial<Parameters<typeof connectMember>[0]> = {}) {
  const { name, clientEndpoint: endpoint } = member
  const { credentials } = cluster
  return connectMember({ member: name, endpoint, credentials, timeoutMs: 1_000, ...overrides })
}

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

test('a transaction sees its own writes, and all of them have one revision', async () => {
  const [client] = clients as [MemberClient]
  await put(client, { key: 't1', value: 'old' })
  const { revision: before } = await put(client, { key: 't2', value: 'old' })
  const result = await txn(client, {
    compare: [{ key: 't1', target: 'value', is: '=', to: 'old' }],
    success: [
      { put: { key: 't1', value: 'new' } },
      { range: { key: 't1' } },
      { delete: { key: 't2' } },
      { range: { key: 't2' } },
    ],
  })
  expect(result).toMatchObject({ succeeded: true, revision: before + 1 })
  expect(result.results[0]).toBeNull()
  expect(result.results[1]).toMatchObject({ kvs: [{ value: 'new', modRevision: before + 1 }] })
  expect(result.results[2]).toBe(1)
  expect(result.results[3]).toMatchObject({ kvs: [], count: 0 })
})

test('a compare of a missing key’s value never holds, not even with !=', async () => {
  const [client] = clients as [MemberClient]
  const compare = [{ key: 'never', target: 'value', is: '!=', to: 'x' }] as const
  // Without a step that needs consensus, etcd answers from this member's own data.
  const success = [{ range: { key: 'never' } }]
  const { succeeded } = await txn(client, { compare, success })
  expect(succeeded).toBe(false)
})

test('etcd rejects a branch that puts a key twice, or puts and deletes it, without effect', async () => {
  const [client] = clients as [MemberClient]
  const steps = [{ put: { key: 'd', value: '1' } }, { put: { key: 'd', value: '2' } }] as const
  await expect(txn(client, { compare: [], success: steps })).rejects.toThrow(/duplicate key/)
  const both = [{ put: { key: 'd', value: '1' } }, { delete: { key: 'd' } }] as const
  await expect(txn(client, { compare: [], success: both })).rejects.toThrow(/duplicate key/)
  expect((await range(client, { key: 'd' })).count).toBe(0)
})

test('a range is sorted by key, limited, and at a past revision', async () => {
  const [client] = clients as [MemberClient]
  for (const key of ['r3', 'r1', 'r2']) await put(client, { key, value: key })
  const { revision } = await deleteKeys(client, { key: 'r1' })
  const now = await range(client, { key: 'r', end: 's' })
  expect(now.kvs.map(({ key }) => key)).toEqual(['r2', 'r3'])
  const before = await range(client, { key: 'r', end: 's', limit: 2, atRevision: revision - 1 })
  expect(before).toMatchObject({ count: 3, more: true, revision })
  expect(before.kvs.map(({ key }) => key)).toEqual(['r1', 'r2'])
})

test('a definite rejection is fail, with its reason', async () => {
  expect(await send('put', '', 'v')).toMatchObject({ type: 'fail', error: /key is not provided/ })
  const large = await send('put', 'large', 'x'.repeat(2_000_000))
  expect(large).toMatchObject({ type: 'fail' })
  expect(large.error).toMatch(/request is too large/)
  expect(await send('get', 'large')).toMatchObject({ value: null })
})

test('a watch delivers every event in order, with previous values and progress notifications', async () => {
  const [client, other] = clients as [MemberClient, MemberClient]
  const watching = watch(client, { key: 'w', end: 'x', prevKv: true })
  const seen: WatchResponse[] = []
  for await (const response of watching) {
    seen.push(response)
    if (response.created) {
      await put(other, { key: 'w1', value: 'a' })
      await put(other, { key: 'w1', value: 'b' })
      await deleteKeys(other, { key: 'w1' })
    }
    const events = seen.flatMap((each) => each.events)
    if (events.length === 3 && response.events.length > 0) watching.requestProgress()
    if (events.length === 3 && response.events.length === 0) watching.close()
  }
  const events = seen.flatMap((each) => each.events)
  expect(events.map(({ type, kv, prevKv }) => [type, kv.value, prevKv?.value])).toEqual([
    ['put', 'a', undefined],
    ['put', 'b', 'a'],
    ['delete', '', 'b'],
  ])
  expect(seen.at(-1)?.revision).toBe(events.at(-1)?.kv.modRevision)
})

test('leases are granted, renewed and revoked with their keys', async () => {
  const [client] = clients as [MemberClient]
  const { id, ttlS } = await leaseGrant(client, { ttlS: 30 })
  expect(ttlS).toBe(30)
  await put(client, { key: 'leased', value: 'v', lease: id })
  expect(await leaseTimeToLive(client, id)).toMatchObject({ grantedTtlS: 30, keys: ['leased'] })
  expect(await leases(client)).toContain(id)
  expect(await leaseKeepAliveOnce(client, id)).toEqual({ id, ttlS: 30 })
  await leaseRevoke(client, id)
  expect(await leaseKeepAliveOnce(client, id)).toEqual({ id, ttlS: 0 })
  expect((await range(client, { key: 'leased' })).count).toBe(0)
})

test('a maintenance call reaches its member', async () => {
  const statuses = await Promise.all(clients.map((client) => status(client)))
  const listed = (await memberList(clients[0] as MemberClient)).map(({ id }) => id)
  expect(statuses.map(({ memberId }) => memberId).sort()).toEqual([...listed].sort())
  const { revision = 0 } = await send('put', 'h', 'v')
  const hashes = await Promise.all(clients.map((client) => hashAt(client, revision)))
  expect(new Set(hashes).size).toBe(1)
  let bytes = 0
  for await (const piece of snapshot(clients[0] as MemberClient)) bytes += piece.length
  expect(bytes % 512).toBe(32)
})

/** Reads linearizably first, so that the member has every revision to hash. */
async function hashAt(client: MemberClient, revision: number): Promise<number> {
  await range(client, { key: 'h' })
  return (await hashKV(client, revision)).hash
}

test('leadership moves to the named member', async () => {
  const statuses = await Promise.all(clients.map((client) => status(client)))
  const leaderId = statuses[0]?.leaderId
  const leading = clients[statuses.findIndex(({ memberId }) => memberId === leaderId)]
  const target = statuses.find(({ memberId }) => memberId !== leaderId)?.memberId ?? ''
  await moveLeader(leading as MemberClient, target)
  expect((await status(leading as MemberClient)).leaderId).toBe(target)
})

test('the etcd3 package reads what our client wrote', async () => {
  const endpoints = cluster.members.map(({ clientEndpoint }) => clientEndpoint)
  const { credentials } = cluster
  for (const attempts of ['once', 'application'] as const) {
    const application = openApplicationClient({
      endpoints,
      credentials,
      attempts,
      timeoutMs: 2_000,
    })
    await send('put', 'application', attempts)
    expect(await application.get('application').string()).toBe(attempts)
    application.close()
  }
})

test('the client does not trust a server of another CA, and the request is a definite failure', async () => {
  const [member] = cluster.members as [Member]
  const { caPem } = await issueCluster(cluster.spec, addressesOf())
  const credentials = { ...cluster.credentials, caPem }
  const client = connect(member, { credentials })
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
  const client = connect(member, { credentials })
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
