import { endRun, refreshRun, saveScenario } from '../../run-record/run-directory.ts'
import { notRunRecord, suiteOf } from '../../scenario/outcome/scenario-record.ts'
import { publishPlan, type RunPlan } from '../../scenario/plan.ts'
import { estimateMs } from '../../scenario/run-estimate.ts'
import { type RunBounds, runVitest, type VitestOutcome } from './run-vitest.ts'
import { filesOfShard, type Shard } from './shard.ts'
import {
  chosenScenarios,
  type Selection,
  selfTestFiles,
  suiteFile,
  untimedSuites,
} from './suites.ts'
import { type TimeLeft, trackTimeLeft } from './time-left.ts'

interface RunParts extends RunBounds {
  readonly selfTests: boolean
  /** The part of the self tests to run; the plan has the part of the scenarios. */
  readonly shard?: Shard
}

/**
 * Runs what the plan says. Every planned scenario is on record as not run before the first one starts,
 * and run.json is whole after each of them. Does not throw for what a scenario or a test did.
 */
export async function runPlanned(
  plan: RunPlan,
  selection: Selection,
  options: RunParts,
): Promise<VitestOutcome> {
  publishPlan(plan)
  for (const planned of plan.scenarios) saveScenario(plan.directory, notRunRecord(planned, plan))
  refreshRun(plan.directory, {})
  const outcome = await runVitest({
    files: filesOf(plan, options),
    untimed: (await untimedSuites(selection.suites)).map(suiteFile),
    afterEach: () => refreshRun(plan.directory, {}),
    timeLeft: await timeLeftOf(plan, selection),
    ...boundsOf(options),
  })
  endRun(plan.directory, outcome.errors)
  return outcome
}

function boundsOf({ mostMs, interrupt }: RunBounds): RunBounds {
  return { ...(mostMs !== undefined && { mostMs }), ...(interrupt && { interrupt }) }
}

/** The files with something to run: in a part of a run, few suites have. */
function filesOf({ scenarios }: RunPlan, { selfTests, shard }: RunParts): string[] {
  const running = scenarios.filter(({ skip }) => skip === undefined)
  const suites = [...new Set(running.map(({ id }) => suiteOf(id)))]
  const own = selfTests ? selfTestFiles() : []
  return [...suites.map(suiteFile), ...(shard === undefined ? own : filesOfShard(own, shard))]
}

async function timeLeftOf(plan: RunPlan, selection: Selection): Promise<TimeLeft> {
  const skipped = new Set(
    plan.scenarios.flatMap(({ id, skip }) => (skip === undefined ? [] : [id])),
  )
  const running = (await chosenScenarios(selection)).filter(({ id }) => !skipped.has(id))
  return trackTimeLeft(
    new Map(running.map((scenario) => [scenario.id, estimateMs(scenario, plan)])),
  )
}
