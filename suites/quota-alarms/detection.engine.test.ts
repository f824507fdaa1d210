import { expect, test } from 'vitest'
import type { ClusterSpec, Drill, Scenario } from '../../harness/index.ts'
import { findScenario } from '../shared/testing/find-scenario.ts'
import { runSabotaged, shortDeadlines } from '../shared/testing/run-sabotaged.ts'
import { fillQuota } from './nospace-expectations.ts'
import { recover } from './recovery.ts'
import { scenarios } from './scenarios.ts'
import { expectStillFull } from './wrong-recovery-order.ts'

test('a recovery in the right order breaks the expectation of a wrong one', async () => {
  const act = async (drill: Drill) => {
    const filled = await fillQuota(drill)
    await recover(drill)
    await expectStillFull(drill, 'a wrong order')
    await filled.undo()
  }
  const { outcome, broken } = await runSabotaged({ ...named('not-defragmented'), act })
  expect(broken).toContain('wrong-order-leaves-quota-full')
  expect(outcome).toBe('broken')
})

test('a cluster without auto-compaction breaks the scenario of auto-compaction', async () => {
  const scenario = named('auto-compaction-periodic')
  const { outcome, broken } = await runSabotaged(without(scenario, 'auto-compaction-'))
  expect(broken).toContain('auto-compaction-leaves-room')
  expect(outcome).toBe('broken')
})

test('a member that starts with altered data breaks the scenario of the initial check', async () => {
  const scenario = named('corrupt-refused-at-start')
  const initialCheck = /corrupt-check|feature-gates/
  const { outcome, broken } = await runSabotaged(without(scenario, initialCheck), shortDeadlines)
  expect(broken).toContain('altered-member-exits')
  expect(outcome).toBe('broken')
})

const named = (name: string) => findScenario(scenarios, `quota-alarms/${name}`)

/** The scenario without some of its options. */
function without(scenario: Scenario, options: string | RegExp): Scenario {
  const shape = (spec: ClusterSpec): ClusterSpec => {
    const shaped = scenario.adjustSpec?.(spec) ?? spec
    const kept = Object.entries(shaped.options).filter(([name]) => name.search(options) < 0)
    return { ...shaped, options: Object.fromEntries(kept) }
  }
  return { ...scenario, adjustSpec: shape }
}
