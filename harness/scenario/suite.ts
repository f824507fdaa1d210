import { test } from 'vitest'
import { stderrLog } from '../core/log.ts'
import { saveScenario } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { interruptSignal } from './interrupt.ts'
import { tooLateRecord } from './outcome/scenario-record.ts'
import { loadPlan } from './plan.ts'
import { runAndRecord } from './run-and-record.ts'
import type { Scenario } from './scenario.ts'
import { ScenarioFailure } from './scenario-failure.ts'

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
      if (planned.beginBy !== undefined && new Date().toISOString() > planned.beginBy) {
        const late = tooLateRecord(planned, plan)
        saveScenario(plan.directory, late)
        skip(late.reason)
      }
      const record = await runAndRecord(scenario, plan, { log: stderrLog(), signal })
      if (record.outcome === 'not-applicable') skip(record.reason)
      if (!isGood(record)) throw new ScenarioFailure(record)
    })
  }
}

function isGood(record: ScenarioRecord): boolean {
  return record.outcome === 'held' || record.outcome === 'known-issue'
}
