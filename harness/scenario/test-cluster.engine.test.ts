import { expect, test } from 'vitest'
import { type History, inject, judge, startTestCluster } from '../index.ts'

// As the example in README, with one member.
test('an acknowledged write outlives a killed member', async () => {
  await using cluster = await startTestCluster({ members: 1 })
  const [member] = cluster.members
  if (member === undefined) throw new RangeError('Expected a member, got none')
  {
    await using fault = await inject(cluster, 'kill', [member])
    expect((await fault.proof()).observed).toBe(true)
  }
  await cluster.untilHealthy()
  expect(await member.isHealthy()).toBe(true)
})

test('an application behind a gateway is served again once a killed gateway runs', async () => {
  await using cluster = await startTestCluster({ members: 1, door: 'gateway' })
  const [door] = cluster.doors
  if (door === undefined) throw new RangeError('Expected a door, got none')
  expect((await door.status()).memberId).toBe((await cluster.member('m1').status()).memberId)
  {
    await using fault = await inject(cluster, 'kill-door', [door])
    expect((await fault.proof()).observed).toBe(true)
    await expect(door.status(500)).rejects.toThrow()
  }
  expect(await door.isRunning()).toBe(true)
})

test('a history of an application is judged', () => {
  const history: History = {
    header: { format: 'gauntlet-history/1', model: 'kv' },
    events: [
      { type: 'invoke', process: 0, f: 'put', key: 'k', value: 'v', timeNs: 1 },
      { type: 'ok', process: 0, f: 'put', timeNs: 2 },
      { type: 'invoke', process: 0, f: 'get', key: 'k', timeNs: 3 },
      { type: 'ok', process: 0, f: 'get', value: '', timeNs: 4 },
    ],
  }
  expect(judge(history)).toMatchObject({ verdict: 'invalid' })
})
