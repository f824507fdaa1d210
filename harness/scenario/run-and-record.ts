import { messageOf } from '../core/errors.ts'
import { within } from '../core/within.ts'
import { saveScenario } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { runAndShrink } from './chaos/run-chaos.ts'
import type { ConductOptions } from './conduct.ts'
import { inconclusiveRecord } from './outcome/scenario-record.ts'
import type { RunPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

/**
 * Runs a scenario and saves its record. What keeps Gauntlet from conducting or judging it, such as
 * evidence that cannot be written or read, makes it inconclusive with that reason; so does a deadline
 * that no scenario reaches by itself, because one that never ends must not take the others with it.
 * Throws only when the record cannot be saved.
 */
export async function runAndRecord(
  scenario: Scenario,
  plan: RunPlan,
  options: ConductOptions,
): Promise<ScenarioRecord> {
  const running = runAndShrink(scenario, plan, options)
  const record = await within(longestMs(plan), 'it did not end', running).catch(
    (thrown: unknown) => {
      const reason = `the scenario could not be conducted or judged: ${messageOf(thrown)}`
      return inconclusiveRecord(scenario, plan, reason)
    },
  )
  saveScenario(plan.directory, record)
  return record
}

/** What a scenario may take, judging included; a chaos that breaks runs again in parts. */
function longestMs({ timeScale, durationMs = 0 }: RunPlan): number {
  return scenarioDeadlineMs * timeScale + 5 * durationMs
}

const scenarioDeadlineMs = 20 * 60_000
