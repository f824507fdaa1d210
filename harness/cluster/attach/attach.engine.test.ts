import { afterAll, beforeAll, expect, test } from 'vitest'
import { done, poll } from '../../core/poll.ts'
import { createValidator, expectShape } from '../../core/schema/validator.ts'
import { sweep } from '../../engine/cleanup/sweep.ts'
import { connectEngine } from '../../engine/connect.ts'
import { startCluster } from '../start.ts'
import { clusterPlan, defaultSpec, foundOf } from '../testing/setup.ts'
import type { Cluster } from '../types.ts'
import { attachCluster } from './attach.ts'
import { type ClusterPlacement, clusterPlacementSchema } from './placement.ts'

const plan = clusterPlan({ keep: true, spec: { ...defaultSpec, door: 'gateway' } })
let starter: Cluster | undefined
let placement: ClusterPlacement

beforeAll(async () => {
  const started = await startCluster(plan)
  starter = started
  const text = JSON.stringify(await started.placement())
  placement = expectShape(createValidator(clusterPlacementSchema), JSON.parse(text), {
    what: 'the placement',
  })
})
afterAll(async () => {
  const engine = await connectEngine()
  await sweep(engine, { runId: plan.runId, force: true })
  expect(await foundOf(engine, plan.runId)).toEqual([])
})

const attach = () => {
  return attachCluster({ runId: plan.runId, placement, credentials: starter?.credentials })
}

test('a placement holds no key', () => {
  expect(JSON.stringify(placement)).not.toContain('PRIVATE KEY')
})

test('members of a cluster that another process started are killed, started and recreated', async () => {
  await using attached = await attach()
  const { cluster } = attached
  await cluster.untilHealthy()
  const member = cluster.member('m2')
  const { memberId } = await member.status()
  await member.kill()
  expect(await member.isHealthy()).toBe(false)
  await member.recreate({ options: { 'snapshot-count': '1000' } })
  await cluster.untilHealthy()
  expect((await member.status()).memberId).toBe(memberId)
  expect((await member.process()).arguments).toContain('--snapshot-count=1000')
  await member.recreate({ exactly: true })
  await cluster.untilHealthy()
  expect((await member.process()).arguments).not.toContain('--snapshot-count=1000')
})

test('a door of a cluster that another process started is killed and started', async () => {
  await using attached = await attach()
  const { cluster } = attached
  expect(cluster.doors.map(({ name }) => name)).toEqual(['m1-gateway', 'm2-gateway', 'm3-gateway'])
  const door = cluster.door('m2-gateway')
  expect(door.clientEndpoint).toBe(starter?.door('m2-gateway').clientEndpoint)
  expect((await door.status()).memberId).toMatch(/^[0-9a-f]+$/)
  await door.kill()
  expect(await door.isRunning()).toBe(false)
  await door.start()
  await poll(async () => done(await door.status()), {
    what: 'm2-gateway to let a request through again',
    deadlineMs: 30_000,
  })
})

test('what was put beside the members goes when the process leaves, and the cluster stays', async () => {
  const engine = await connectEngine()
  const before = await foundOf(engine, plan.runId)
  {
    await using attached = await attach()
    await attached.cluster.member('m1').inNetwork(['true'])
    expect(await foundOf(engine, plan.runId)).toHaveLength(before.length + 1)
  }
  expect((await foundOf(engine, plan.runId)).sort()).toEqual(before.sort())
  await using again = await attach()
  await again.cluster.untilHealthy()
})

test('a certificate cannot be issued without the key of the CA, and the error says so', async () => {
  await using attached = await attach()
  const { cluster } = attached
  const says = /Expected the key of the CA to issue a certificate, got none/
  await expect(cluster.member('m1').renewCertificates()).rejects.toThrow(says)
  await expect(cluster.startMember({ name: 'm9' })).rejects.toThrow(says)
  await cluster.untilHealthy()
})

test('a member whose container is gone is named', async () => {
  const attaching = attachCluster({
    runId: 'nothing-of-this-name',
    placement,
    credentials: undefined,
  })
  await expect(attaching).rejects.toThrow('Expected a container of m1, found none')
})
