import { expect, test } from 'vitest'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import * as faults from '../index.ts'
import { at, inForce, put, undoTwice, untilGone } from '../testing/setup.ts'

test('a cluster grows by a member that serves, and is as before when that is undone', async () => {
  await using fault = await inForce(faults.grow, cluster)
  expect(fault.undo.detail).toBe('m4')
  expect(await listed()).toHaveLength(4)
  await cluster.untilHealthy()
  await put(cluster, cluster.member('m4'), 'through', 'the new one')
  await undoTwice(fault.undo, cluster)
  expect(await listed()).toHaveLength(3)
  expect(cluster.members.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3'])
})

test('a cluster grows by a learner that has no vote', async () => {
  await using fault = await inForce(faults.growBy({ learner: true, name: 'm5' }), cluster)
  expect((await cluster.member('m5').status()).learner).toBe(true)
  await undoTwice(fault.undo, cluster)
  expect(await listed()).toHaveLength(3)
})

test('a member removed from the cluster exits, and undo adds it with another id', async () => {
  const member = at(cluster.members, 2)
  const { memberId } = await member.status()
  await using fault = await inForce(faults.shrink, cluster, member)
  await untilGone(member)
  expect(await listed()).toHaveLength(2)
  await undoTwice(fault.undo, cluster)
  expect(await listed()).toHaveLength(3)
  expect((await member.status()).memberId).not.toBe(memberId)
})

test('a replaced member has a new identity, an empty disk filled by the others, and its place', async () => {
  const member = await cluster.leader()
  const { memberId } = await member.status()
  await using fault = await inForce(faults.replace, cluster, member)
  await cluster.untilHealthy()
  expect((await member.status()).memberId).not.toBe(memberId)
  expect(await listed()).toHaveLength(3)
  const { stdout } = await member.etcdctl(['get', 'through', '--print-value-only'])
  expect(stdout.trim()).toBe('the new one')
  await undoTwice(fault.undo, cluster)
})

async function listed(): Promise<string[]> {
  const { stdout } = await at(cluster.members, 0).etcdctl(['member', 'list'])
  return stdout.trim().split('\n')
}
