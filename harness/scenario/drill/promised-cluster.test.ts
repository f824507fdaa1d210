import { expect, test } from 'vitest'
import type { Cluster } from '../../cluster/types.ts'
import { notYet, poll } from '../../core/poll.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { promiseDeadlinesOf } from './deadlines.ts'
import { promisedCluster } from './promised-cluster.ts'

const deadlines = promiseDeadlinesOf(sampleSpec(), { timeScale: 1 })

/** A cluster that never has a leader, and notes how long it is waited for. */
function leaderless() {
  const waitedMs: number[] = []
  const never = (deadlineMs = 0) => {
    waitedMs.push(deadlineMs)
    return poll(() => notYet('no leader'), { what: 'agreement', deadlineMs: 3, intervalMs: 1 })
  }
  const cluster = { leader: never, followers: never, untilHealthy: never } as unknown as Cluster
  return { cluster, waitedMs }
}

const waits = ['leader', 'followers', 'untilHealthy'] as const

test.each(waits)('%s is no promise before the cluster was steady', async (wait) => {
  const { cluster, waitedMs } = leaderless()
  const promised = promisedCluster(cluster, { deadlines, wasSteady: () => false })
  await expect(promised[wait]()).rejects.toMatchObject({ code: 'DEADLINE' })
  expect(waitedMs).toEqual([wait === 'untilHealthy' ? deadlines.healthyMs : deadlines.leaderMs])
})

test.each(waits)('%s is a promise once the cluster was steady', async (wait) => {
  const { cluster } = leaderless()
  const promised = promisedCluster(cluster, { deadlines, wasSteady: () => true })
  const expectation = wait === 'untilHealthy' ? 'members-healthy' : 'leader-elected'
  await expect(promised[wait]()).rejects.toMatchObject({
    code: 'BROKEN',
    fields: { expectation, isTooSlow: true },
  })
})

test('deadlines follow from the election timeout and are scaled to the machine', () => {
  const slower = promiseDeadlinesOf(sampleSpec({ electionTimeoutMs: 5_000 }), { timeScale: 1 })
  expect(slower.leaderMs - deadlines.leaderMs).toBe(10 * 4_000)
  const scaled = promiseDeadlinesOf(sampleSpec(), { timeScale: 4 })
  expect(scaled.healthyMs).toBe(4 * deadlines.healthyMs)
  expect(deadlines.leaseMs(10) - deadlines.leaseMs(5)).toBe(10_000)
})

test('with less patience every deadline is shorter, but for the time that a lease lives', () => {
  const { leaseMs, leaseUnderOneLeaderMs, ...short } = promiseDeadlinesOf(sampleSpec(), {
    timeScale: 1,
    patience: 0.2,
  })
  const {
    leaseMs: usualLeaseMs,
    leaseUnderOneLeaderMs: usualUnderOneLeaderMs,
    ...usual
  } = deadlines
  expect(short).toEqual(
    Object.fromEntries(Object.entries(usual).map(([name, ms]) => [name, ms / 5])),
  )
  expect(leaseMs(10) - leaseMs(5)).toBe(10_000)
  expect(leaseMs(5)).toBeLessThan(usualLeaseMs(5))
  expect([leaseUnderOneLeaderMs(5), usualUnderOneLeaderMs(5)]).toEqual([7_000, 7_000])
})
