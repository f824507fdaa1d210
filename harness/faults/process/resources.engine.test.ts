import { expect, test } from 'vitest'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import type { Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { connectEngine } from '../../engine/connect.ts'
import * as faults from '../index.ts'
import { at, inForce, put, undoTwice } from '../testing/setup.ts'

test('a member short of processor time is throttled by the kernel, and has it all again', async () => {
  // The leader at a twentieth of a processor is replaced, and the puts end with its term.
  const member = at(await cluster.followers(), 0)
  await using fault = await inForce(faults.cpuLimit(0.05), cluster, member)
  const before = await throttledPeriods(member)
  for (let sent = 0; sent < 20; sent++) await put(cluster, member, `k${sent}`, 'x'.repeat(10_000))
  expect(await throttledPeriods(member)).toBeGreaterThan(before)
  await undoTwice(fault.undo, cluster)
  const after = await throttledPeriods(member)
  for (let sent = 0; sent < 20; sent++) await put(cluster, member, `k${sent}`, 'x')
  expect((await throttledPeriods(member)) - after).toBeLessThan(3)
})

test('a member that wants more memory than it may have is ended by the kernel', async () => {
  const member = at(cluster.members, 1)
  await using fault = await inForce(faults.memoryLimit(12 * 2 ** 20), cluster, member)
  await poll(
    async () => {
      if (!(await member.isRunning())) return done(undefined)
      await put(cluster, member, 'large', 'x'.repeat(1_000_000)).catch(() => {})
      return notYet('it runs')
    },
    { what: 'the kernel to end it', deadlineMs: 30_000 },
  )
  expect(await inspect(member)).toMatchObject({ State: { OOMKilled: true, ExitCode: 137 } })
  await undoTwice(fault.undo, cluster)
  expect((await inspect(member)).HostConfig.Memory).toBeGreaterThan(2 ** 40)
  await put(cluster, member, 'large', 'x'.repeat(1_000_000))
})

async function inspect(member: Member) {
  const engine = await connectEngine()
  return engine.docker.getContainer(member.containerId).inspect()
}

async function throttledPeriods(member: Member): Promise<number> {
  const engine = await connectEngine()
  const stats = await engine.docker.getContainer(member.containerId).stats({ stream: false })
  return stats.cpu_stats.throttling_data.throttled_periods
}
