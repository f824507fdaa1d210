import { expect, test } from 'vitest'
import { scenariosOf } from '../harness/cli/run/suites.ts'
import { chooseScenarios } from '../harness/scenario/testing/choose-scenarios.ts'
import { runSabotaged, shortDeadlines } from './shared/testing/run-sabotaged.ts'
import { withoutRecovery } from './shared/testing/without-recovery.ts'

const suites = ['quorum-loss', 'member-replacement', 'quota-alarms', 'snapshot-restore']

/** It compacts every five minutes, and this test does not wait so long. */
const tooLong = ['quota-alarms/auto-compaction-revision']

const scenarios = (await Promise.all(suites.map(scenariosOf)))
  .flat()
  .filter(({ id }) => !tooLong.includes(id))

test.each(chooseScenarios(scenarios, 'without-recovery'))(
  '%s is broken when the cluster never recovers, and says how long was waited',
  async (_, scenario) => {
    const { outcome, reason } = await runSabotaged(withoutRecovery(scenario), shortDeadlines)
    expect(outcome, reason).toMatch(/^(broken|not-applicable)$/)
    if (outcome === 'broken') expect(reason).toMatch(/(within|after) \d+ ms/)
  },
)
