import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { MemberClient } from '../../client/member-client.ts'
import type { Member } from '../../cluster/types.ts'
import { startClock } from '../../core/clock.ts'
import { openRecorder } from '../../history/recorder.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { startWorkloadPrograms } from './programs.ts'

/** A client of leases whose member refuses everything, and its evidence on disk. */
async function startLeases() {
  const directory = await mkdtemp(join(tmpdir(), 'gauntlet-programs-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const clock = startClock()
  const path = join(directory, 'history.jsonl')
  const recorder = await openRecorder({ path, header: { model: 'etcd' }, clock })
  const evidence = {
    directory: { leases: join(directory, 'leases.jsonl') },
    clock,
    recorder,
    leases: undefined,
  } as unknown as ScenarioEvidence
  const refuse = () => Promise.reject(new Error('no member listens here'))
  const programs = startWorkloadPrograms({
    members: {
      memberAt: () => 'm1',
      addresseeOf: (member) => ({ member }),
      find: () => ({ name: 'm1' }) as Member,
    },
    scenario: {
      id: 'test/leases',
      workload: { programs: [{ name: 'leases', ratePerS: 10, clients: 1 }] },
    } as unknown as Scenario,
    plan: { seed: 1, timeScale: 1 } as RunPlan,
    evidence,
    clientOf: () => ({ call: refuse }) as unknown as MemberClient,
    watchers: undefined,
    memory: undefined,
  })
  return { evidence, programs, recorder }
}

test('a leader that is seen after the programs have stopped is not noted in the closed log of leases', async () => {
  const { evidence, programs, recorder } = await startLeases()
  await using _recorder = recorder
  expect(() => evidence.leases?.note({ type: 'leader', term: 2 })).not.toThrow()
  expect(evidence.leases).toBeDefined()
  await programs?.[Symbol.asyncDispose]()
  expect(evidence.leases).toBeUndefined()
})
