import { expect, test } from 'vitest'
import { range } from '../../client/kv.ts'
import { connectMember } from '../../client/member-client.ts'
import { cluster } from '../../cluster/testing/shared-cluster.ts'
import { inChildProcess } from '../child-process.ts'
import { type OperationName, operationNames } from '../generator.ts'
import { measureRound } from '../measure-load.ts'
import { sampleLoad } from '../testing/sample-load.ts'

async function measure(operation: OperationName, windowMs: number) {
  const { credentials, members } = cluster
  const targets = members.map(({ name: member, clientEndpoint: endpoint }) => ({
    member,
    endpoint,
  }))
  // A follower that stays answers while the leader is gone.
  const reader = (await cluster.followers())[0] ?? members[0]
  const endpoint = reader?.clientEndpoint ?? ''
  await using stack = new AsyncDisposableStack()
  const client = connectMember({ member: 'any', endpoint, credentials, timeoutMs: 20_000 })
  stack.defer(() => client.close())
  const load = sampleLoad({
    targets,
    credentials,
    operation,
    windowMs,
    clients: 30,
    keys: 300,
    timeoutMs: 10_000,
    mostErrors: 100_000,
  })
  return await measureRound(
    {
      readRevision: async () => (await range(client, { key: 'none' })).revision,
      readMetrics: async () => new Map(),
    },
    inChildProcess('lean'),
    { load, unsettled: 0 },
  )
}

test.each(operationNames)('%s: the count equals etcd’s revisions', async (operation) => {
  const { measured, proof } = await measure(operation, 500)
  expect(measured.errors).toEqual({})
  expect(measured.inWindow).toBeGreaterThan(10)
  expect([proof.holds, proof.atLeast]).toEqual([true, proof.atMost])
})

test('the count is right when the leader is killed within the run', async () => {
  const leader = await cluster.leader()
  const running = measure('put', 6_000)
  const killing = setTimeout(() => void leader.kill(), 2_500)
  const { measured, proof } = await running.finally(() => clearTimeout(killing))
  await leader.start()
  await cluster.untilHealthy()
  expect(proof.holds).toBe(true)
  expect(measured.endedBy).toBe('time')
  // A busy machine is slow; the run only has to be worth a count.
  expect(measured.acknowledged).toBeGreaterThan(50)
  expect(Object.keys(measured.errors).join()).toMatch(/Connection dropped/)
})
