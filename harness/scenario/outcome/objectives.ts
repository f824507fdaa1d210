import type { Measures, ObjectiveResult } from '../../run-record/run-record.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { RunPlan } from '../plan.ts'
import type { Objective, Scenario } from '../scenario.ts'
import type { Failure } from './outcome.ts'

export interface PlannedObjectives {
  readonly objectives: readonly Objective[]
  /** Measures that no objective bounds here, because the members are emulated. */
  readonly waivedObjectives: readonly string[]
}

/**
 * What bounds a scenario's measures in this run: durations are scaled to the machine; the user's
 * bounds replace the scenario's and are not scaled. How fast an emulated member should be is not
 * known: such a floor binds only when the user sets one.
 */
export function planObjectives(
  scenario: Scenario,
  spec: ClusterSpec,
  plan: RunPlan,
): PlannedObjectives {
  const own = scenario.objectives?.(spec) ?? []
  const bounds = own.map((objective) => withUsers(objective, plan))
  return {
    objectives: bounds.filter((objective) => objective !== undefined),
    waivedObjectives: own.flatMap(({ measure }, index) =>
      bounds[index] === undefined ? [measure] : [],
    ),
  }
}

/** Undefined when it does not bind here. */
function withUsers(own: Objective, plan: RunPlan): Objective | undefined {
  const { measure } = own
  const users = plan.objectives[measure]
  if ('atMost' in own) return { measure, atMost: users ?? own.atMost * plan.timeScale }
  if (users === undefined && plan.etcd.emulated) return undefined
  return { measure, atLeast: users ?? own.atLeast }
}

export interface JudgedObjectives {
  readonly objectives: readonly ObjectiveResult[]
  /** Why those that could not be judged were not. */
  readonly doubts: readonly Failure[]
}

/**
 * Objectives against what was measured. A measure with a reason in `lowerBounds` is at least so
 * much: it can meet a floor, but not miss it.
 */
export function judgeObjectives(
  objectives: readonly Objective[],
  measures: Measures,
  lowerBounds: Readonly<Record<string, string>>,
): JudgedObjectives {
  const results: ObjectiveResult[] = []
  const doubts: Failure[] = []
  for (const objective of objectives) {
    const result = judge(objective, measures)
    const why = Object.hasOwn(lowerBounds, objective.measure)
      ? lowerBounds[objective.measure]
      : undefined
    const isOpen = why !== undefined && 'atLeast' in objective && !result.met
    results.push(isOpen ? { ...result, measured: null } : result)
    if (isOpen) doubts.push({ outcome: 'inconclusive', reason: formatOpen(result, why) })
  }
  return { objectives: results, doubts }
}

function judge(objective: Objective, measures: Measures): ObjectiveResult {
  const measured = measures[objective.measure] ?? null
  return { ...objective, measured, met: measured !== null && isMet(objective, measured) }
}

function isMet(objective: Objective, measured: number): boolean {
  return 'atMost' in objective ? measured <= objective.atMost : measured >= objective.atLeast
}

function formatOpen({ measure, measured }: ObjectiveResult, why: string): string {
  return `${measure} is ${measured} or more: ${why}`
}
