import { hasPlan, headOf, readRunPlan } from '../run-directory.ts'
import type { RunRecord } from '../run-record.ts'
import type { ScenarioPlan } from '../scenario-plan.ts'
import { describeDifferences } from './compare-records.ts'

/**
 * What does not agree between run.json and plan.json of a run, a line each: its head, and the
 * scenarios that one of them has and the other lacks. A run always has its plan.
 */
export async function findRunDifferences(directory: string, run: RunRecord): Promise<string[]> {
  if (!(await hasPlan(directory))) return ['plan.json of the run is missing']
  const { scenarios, endedAt: _, errors: __, format: ___, ...head } = run
  const planned = headOf(readRunPlan(directory))
  const ids = {
    listed: scenarios.map(({ id }) => id),
    planned: planned.planned.map(({ id }) => id),
  }
  return [
    ...describeDifferences(planned, head, { saved: 'plan.json', found: 'run.json' }),
    ...ids.planned
      .filter((id) => !ids.listed.includes(id))
      .map((id) => `expected run.json to list ${id} as plan.json does, got no such scenario`),
    ...ids.listed
      .filter((id) => !ids.planned.includes(id))
      .map((id) => `expected run.json to list what plan.json does, got ${id} too`),
  ]
}

/**
 * What a scenario's plan.json says otherwise than its run, a line each. A scenario adjusts its own
 * cluster, but no version, seed or emulation.
 */
export function findPlanDifferences(plan: ScenarioPlan, run: RunRecord): string[] {
  const ofRun = { seed: run.seed, emulated: run.etcd.emulated, version: run.spec.version }
  const ofScenario = { seed: plan.seed, emulated: plan.emulated, version: plan.spec.version }
  return describeDifferences(ofRun, ofScenario, {
    saved: 'run.json',
    found: "the scenario's plan.json",
  })
}
