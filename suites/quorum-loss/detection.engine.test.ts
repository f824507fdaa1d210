import { expect, test } from 'vitest'
import { type Drill, faults, type Member } from '../../harness/index.ts'
import { withInertFaults } from '../../harness/scenario/testing/inert-faults.ts'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged, shortDeadlines } from '../shared/testing/run-sabotaged.ts'
import { sparseWorkload } from './expectations.ts'
import { scenarios } from './scenarios.ts'

test('a leader that is not isolated makes the scenario inconclusive, and every promise about it', async () => {
  const { outcome, reason } = await runSabotaged(
    withInertFaults(named('leader-isolated')),
    shortDeadlines,
  )
  expect(reason).toContain('minority-acknowledges-no-write proves nothing')
  expect(reason).toContain('minority-serves-no-linearizable-read proves nothing')
  expect(reason).toContain('isolated-leader-steps-down proves nothing')
  expect(outcome).toBe('inconclusive')
})

test('a leader without slow links makes the scenario that expects another leader inconclusive', async () => {
  // Under a dense workload a busy machine may elect a leader without the fault.
  const scenario = { ...named('latency-above-election'), workload: sparseWorkload }
  const { outcome, reason } = await runSabotaged(withInertFaults(scenario), shortDeadlines)
  expect(reason).toContain('degraded-leader-is-replaced proves nothing')
  expect(outcome).toBe('inconclusive')
})

test('members that lose their disks when all are killed lose acknowledged writes', async () => {
  const act = async (drill: Drill) => {
    const { members } = drill.cluster
    // The workload never writes this key; it may write all others again before the end.
    const kept = await drill.attempt(members[0] as Member, { kind: 'put', key: 'kept', value: 'v' })
    expect(kept.type).toBe('ok')
    await drill.inject(faults.killAll, members)
    await Promise.all(members.map((member) => member.recreate({ wipeData: true })))
    await drill.untilServing()
  }
  const { outcome, broken, measures } = await runSabotaged({ ...named('all-killed'), act })
  expect(broken).toContain('durability/acknowledged-write-lost')
  expect(measures.acknowledgedLost).toBeGreaterThan(0)
  expect(outcome).toBe('broken')
})

const named = (name: string) => findScenario(scenarios, `quorum-loss/${name}`)
