import { expect, test } from 'vitest'
import type { Cluster, MemberStatus } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import { observeLeader } from './leader.ts'

function scene(status: () => Promise<Partial<MemberStatus>>) {
  const cluster = { members: [{ name: 'm1', status }] } as unknown as Cluster
  const evidence = { marks: [] as unknown[], elections: null, clock: { nowNs: () => 0 } }
  return { cluster, evidence: evidence as unknown as ScenarioEvidence }
}

test('elections are noted although the drill throws', async () => {
  let term = 2
  const status = async () => ({ memberId: 'a', leaderId: 'a', term: term++ })
  const { cluster, evidence } = scene(status)
  const drill = async () => {
    await using _leader = observeLeader(cluster, evidence)
    await poll(async () => (evidence.marks.length < 3 ? notYet('too few') : done(undefined)), {
      what: 'three terms',
      deadlineMs: 5_000,
    })
    throw new Error('no quorum')
  }
  await expect(drill()).rejects.toThrow('no quorum')
  expect(evidence.elections).toBeGreaterThanOrEqual(2)
})

test('without an answer of any member the elections are unknown', async () => {
  const { cluster, evidence } = scene(() => Promise.reject(new Error('down')))
  await observeLeader(cluster, evidence)[Symbol.asyncDispose]()
  expect(evidence.elections).toBeNull()
})
