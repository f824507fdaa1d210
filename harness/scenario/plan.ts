import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError, messageOf } from '../core/errors.ts'
import type { CapabilityFound, EtcdUnderTest, Machine } from '../run-record/run-record.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import type { Depth, Scenario } from './scenario.ts'

/**
 * Everything a run has decided before its first scenario: plain data, saved as `plan.json` in the
 * run directory, read by the processes that run the scenarios.
 */
export interface RunPlan {
  readonly runId: string
  readonly seed: number
  /** Absolute path of the run directory. */
  readonly directory: string
  readonly depth: Depth
  /** Everything the run means to report on, in order. */
  readonly scenarios: readonly PlannedScenario[]
  readonly spec: ClusterSpec
  readonly etcd: EtcdUnderTest
  readonly machine: Machine
  readonly toolboxImage: string
  /** Deadlines and objectives are multiplied by it: above 1 for emulated members. */
  readonly timeScale: number
  /** How long a chaos run lasts; default by its depth. */
  readonly durationMs?: number
  /** The user's objectives by measure, in the measure's unit; they replace a scenario's own. */
  readonly objectives: Readonly<Record<string, number>>
  readonly capabilities: readonly CapabilityFound[]
  readonly startedAt: string
  /** The command that runs the same again. */
  readonly command: string
  /** Its options alone, for running a single scenario of it. */
  readonly options: string
}

export interface PlannedScenario {
  readonly id: string
  readonly title: string
  /** Why it will not run in this run; it is reported as not run with this reason. */
  readonly skip?: string
}

const depths: readonly Depth[] = ['quick', 'ci', 'full']

/** A scenario asked for by its id runs at any depth; the others at their own depth and deeper. */
export function planScenario(
  { id, title, depth }: Scenario,
  run: { readonly depth: Depth; readonly byId: boolean },
): PlannedScenario {
  const included = run.byId || depths.indexOf(depth) <= depths.indexOf(run.depth)
  return included ? { id, title } : { id, title, skip: `only from --depth ${depth} on` }
}

/** How a run is started from the checkout. */
export const runAgain = 'npm run -s gauntlet -- run'

const planVariable = 'GAUNTLET_PLAN'

/** Saves the plan and makes it the one that `loadPlan` finds in this process and its workers. */
export function publishPlan(plan: RunPlan): void {
  const file = join(plan.directory, 'plan.json')
  writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`)
  process.env[planVariable] = file
}

/** Whether a run is under way. */
export const hasPlan = (): boolean => process.env[planVariable] !== undefined

/** The plan of the run under way. Throws an InputError outside of one. */
export function loadPlan(): RunPlan {
  const file = process.env[planVariable]
  if (file === undefined) {
    throw new InputError('Expected a run under way, got none: start suites with `gauntlet run`')
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunPlan
  } catch (thrown) {
    throw new InputError(`Expected the plan of a run in ${file}, got: ${messageOf(thrown)}`)
  }
}
