import { test } from 'vitest'
import { stderrLog } from '../core/log.ts'
import { saveScenario } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { runAndShrink } from './chaos/run-chaos.ts'
import { interruptSignal } from './interrupt.ts'
import { loadPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

/** Defines a vitest test for each scenario that the run's plan names, in the list's order. */
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

/** A failed scenario in a test log: its outcome, its reason and the command that repeats it. */
class ScenarioFailure extends Error {
  constructor(record: ScenarioRecord) {
    super(`${record.id} ${record.outcome}: ${record.reason}\nRun it again: ${record.reproduce}`)
    this.name = 'ScenarioFailure'
    // Every failure is thrown in this file: a stack adds nothing.
    this.stack = this.message
  }
}

function isGood(record: ScenarioRecord): boolean {
  return record.outcome === 'held' || record.outcome === 'known-issue'
}
