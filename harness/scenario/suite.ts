import { test } from 'vitest'
import { stderrLog } from '../core/log.ts'
import { saveScenario } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { runAndShrink } from './chaos/run-chaos.ts'
import { interruptSignal } from './interrupt.ts'
import { loadPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

/** Makes a vitest file of a list of scenarios: those that the run's plan names, in their order. */
export function describeSuite(scenarios: readonly Scenario[]): void {
  const plan = loadPlan()
  const signal = interruptSignal()
  for (const scenario of scenarios) {
    const planned = plan.scenarios.find(({ id }) => id === scenario.id)
    if (planned === undefined) continue
    const name = `${scenario.id}: ${scenario.title}`
    test.skipIf(planned.skip !== undefined)(name, async ({ skip }) => {
      if (signal.aborted) skip('the run was interrupted')
      const record = await runAndShrink(scenario, plan, { log: stderrLog(), signal })
      saveScenario(plan.directory, record)
      if (record.outcome === 'not-applicable') skip(record.reason)
      if (!isGood(record)) throw new ScenarioFailure(record)
    })
  }
}

/** What a failed scenario looks like in a test log: outcome, reason, and how to see it again. */
class ScenarioFailure extends Error {
  constructor(record: ScenarioRecord) {
    super(`${record.id} ${record.outcome}: ${record.reason}\nRun it again: ${record.reproduce}`)
    this.name = 'ScenarioFailure'
    // The place that threw is this file, for every failure alike: it tells nobody anything.
    this.stack = this.message
  }
}

function isGood(record: ScenarioRecord): boolean {
  return record.outcome === 'held' || record.outcome === 'known-issue'
}
