import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cluster } from '../cluster/types.ts'
import { openApplicationClient } from './application.ts'
import { deleteKeys, put, range, txn } from './kv.ts'
import { leaseGrant, leaseKeepAliveOnce, leaseRevoke, leases, leaseTimeToLive } from './lease.ts'
import { hashKV, moveLeader, snapshot, status } from './maintenance.ts'
import type { MemberClient } from './member-client.ts'
import { memberList } from './membership.ts'
import { type ClientCluster, startClientCluster } from './testing/client-cluster.ts'
import { type WatchResponse, watch } from './watch.ts'

let started: ClientCluster
let cluster: Cluster
let clients: readonly MemberClient[]

beforeAll(async () => {
  started = await startClientCluster()
  ;({ cluster, clients } = started)
})

afterAll(() => started?.[Symbol.asyncDispose]())

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
  const { revision } = await put(clients[0] as MemberClient, { key: 'h', value: 'v' })
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
    await put(clients[0] as MemberClient, { key: 'application', value: attempts })
    expect(await application.get('application').string()).toBe(attempts)
    application.close()
  }
})
