import { expect, test } from 'vitest'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import type { Member } from '../../cluster/types.ts'
import { connectEngine } from '../../engine/connect.ts'
import * as faults from '../index.ts'
import { at, inForce, nextLog, undoTwice } from '../testing/setup.ts'

test('a killed member exits with status 137, and starts again', async () => {
  const member = at(cluster.members, 0)
  await using fault = await inForce(faults.kill, cluster, member)
  expect(await stateOf(member)).toMatchObject({ Running: false, ExitCode: 137 })
  await undoTwice(fault.undo, cluster)
  expect(await stateOf(member)).toMatchObject({ Running: true })
})

test('a stopped member logs its shutdown, and starts again', async () => {
  const member = await cluster.leader()
  const logged = await nextLog(member)
  await using fault = await inForce(faults.stop, cluster, member)
  expect(await stateOf(member)).toMatchObject({ Running: false })
  await logged(/received signal; shutting down|received terminated signal/)
  await undoTwice(fault.undo, cluster)
})

test('a paused member is frozen with its sockets open, and thaws', async () => {
  const member = at(cluster.members, 1)
  await using fault = await inForce(faults.pause, cluster, member)
  expect(await stateOf(member)).toMatchObject({ Running: true, Paused: true })
  await expect(member.status(300)).rejects.toThrow()
  await undoTwice(fault.undo, cluster)
  expect(await stateOf(member)).toMatchObject({ Running: true, Paused: false })
})

test('a member that was killed while it was paused is not thawed, nor started', async () => {
  const member = at(cluster.members, 1)
  await using fault = await inForce(faults.pause, cluster, member)
  await member.kill()
  await fault.undo()
  expect(await member.isRunning()).toBe(false)
  await member.start()
  await undoTwice(fault.undo, cluster)
})

test('a restarted member is another process with the same identity', async () => {
  const member = at(cluster.members, 2)
  const before = { pid: (await stateOf(member)).Pid, id: (await member.status()).memberId }
  await using fault = await inForce(faults.restart, cluster, member)
  await cluster.untilHealthy()
  expect((await stateOf(member)).Pid).not.toBe(before.pid)
  expect((await member.status()).memberId).toBe(before.id)
  await undoTwice(fault.undo, cluster)
})

test('kill-all kills every member, also those not named, and undo starts them together', async () => {
  await using fault = await inForce(faults.killAll, cluster)
  for (const member of cluster.members) expect(await member.isRunning()).toBe(false)
  await undoTwice(fault.undo, cluster)
})

test('stop-all stops every member, and undo starts them together', async () => {
  await using fault = await inForce(faults.stopAll, cluster)
  for (const member of cluster.members) expect(await member.isRunning()).toBe(false)
  await undoTwice(fault.undo, cluster)
})

test('a fault that fails on one target is undone on the others', async () => {
  const [one, other] = [at(cluster.members, 0), at(cluster.members, 1)]
  await other.kill()
  await expect(faults.pause.inject(cluster, [one.name, other.name])).rejects.toThrow()
  expect(await stateOf(one)).toMatchObject({ Running: true, Paused: false })
  await other.start()
  await cluster.untilHealthy()
})

async function stateOf(member: Member) {
  const engine = await connectEngine()
  return (await engine.docker.getContainer(member.containerId).inspect()).State
}
