import { endRun, refreshRun, saveScenario } from '../run-record/run-directory.ts'
import { notRunRecord } from '../scenario/outcome/scenario-record.ts'
import { publishPlan, type RunPlan } from '../scenario/plan.ts'
import { lengthOf } from '../scenario/run-estimate.ts'
import { runVitest, type VitestOutcome } from './run-vitest.ts'
import {
  chosenScenarios,
  type Selection,
  selfTestFiles,
  suiteFile,
  untimedSuites,
} from './suites.ts'
import { type TimeLeft, trackTimeLeft } from './time-left.ts'

/**
 * Runs what the plan says. Every planned scenario is on record as not run before the first one starts,
 * and run.json is whole after each of them. Does not throw for what a scenario or a test did.
 */
export async function runPlanned(
  plan: RunPlan,
  selection: Selection,
  { selfTests }: { readonly selfTests: boolean },
): Promise<VitestOutcome> {
  publishPlan(plan)
  for (const planned of plan.scenarios) saveScenario(plan.directory, notRunRecord(planned, plan))
  refreshRun(plan.directory, {})
  const outcome = await runVitest({
    files: [...selection.suites.map(suiteFile), ...(selfTests ? selfTestFiles() : [])],
    untimed: (await untimedSuites(selection.suites)).map(suiteFile),
    afterEach: () => refreshRun(plan.directory, {}),
    timeLeft: await timeLeftOf(plan, selection),
  })
  endRun(plan.directory, outcome.errors)
  return outcome
}

async function timeLeftOf(plan: RunPlan, selection: Selection): Promise<TimeLeft> {
  const skipped = new Set(
    plan.scenarios.flatMap(({ id, skip }) => (skip === undefined ? [] : [id])),
  )
  const running = (await chosenScenarios(selection)).filter(({ id }) => !skipped.has(id))
  return trackTimeLeft(new Map(running.map((scenario) => [scenario.id, lengthOf(scenario, plan)])))
}
