import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../core/errors.ts'
import { ownCommand } from '../core/own-command.ts'
import { readJson } from '../core/read-json.ts'
import { createValidator, expectShape, type Shape } from '../core/schema/validator.ts'
import { runPlanSchema } from '../run-record/schema/run.ts'
import type { Depth, Scenario } from './scenario.ts'

/**
 * Everything a run has decided before its first scenario: plain data, saved as `plan.json` in the
 * run directory, read by the processes that run the scenarios.
 */
export interface RunPlan extends Shape<typeof runPlanSchema> {}

export type PlannedScenario = RunPlan['scenarios'][number]

const plans = createValidator(runPlanSchema)

const depths: readonly Depth[] = ['quick', 'ci', 'full']

/** A scenario asked for by its id runs at any depth; the others at their own depth and deeper. */
export function planScenario(
  { id, title, depth }: Scenario,
  run: { readonly depth: Depth; readonly byId: boolean },
): PlannedScenario {
  const included = run.byId || depths.indexOf(depth) <= depths.indexOf(run.depth)
  return included ? { id, title } : { id, title, skip: `only from --depth ${depth} on` }
}

/** How the user starts a run again. */
export const runAgain = `${ownCommand(import.meta.dirname)} run`

const planVariable = 'GAUNTLET_PLAN'

/** Saves the plan and makes it the one that `loadPlan` finds in this process and its workers. */
export function publishPlan(plan: RunPlan): void {
  const file = join(plan.directory, 'plan.json')
  writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`)
  process.env[planVariable] = file
}

/** Whether a run is under way. */
export const isRunUnderWay = (): boolean => process.env[planVariable] !== undefined

/** The plan of the run under way. Throws an InputError outside of one. */
export function loadPlan(): RunPlan {
  const file = process.env[planVariable]
  if (file === undefined) {
    throw new InputError('Expected a run under way, got none: start suites with `gauntlet run`')
  }
  return expectShape(plans, readJson(file, 'the plan of a run'), { what: 'the plan', file })
}
