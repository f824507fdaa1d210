import type { Measures, ObjectiveResult } from '../../run-record/run-record.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { RunPlan } from '../plan.ts'
import type { Objective, Scenario } from '../scenario.ts'
import type { Failure } from './outcome.ts'

export interface JudgedObjectives {
  readonly objectives: readonly ObjectiveResult[]
  /** Measures that no objective bounds here, because the members are emulated. */
  readonly waived: readonly string[]
  /** Why those that could not be judged were not. */
  readonly doubts: readonly Failure[]
}

/**
 * The scenario's objectives against what was measured. Durations are scaled to the machine; the
 * user's objectives replace them and are not scaled. How fast an emulated member should be nobody
 * can say: such a floor binds only when the user sets one. A measure with a reason in `lowerBounds`
 * is at least so much: it can meet a floor, but not miss it.
 */
export function judgeObjectives(
  { scenario, spec, plan }: { scenario: Scenario; spec: ClusterSpec; plan: RunPlan },
  measures: Measures,
  lowerBounds: ReadonlyMap<string, string>,
): JudgedObjectives {
  const objectives: ObjectiveResult[] = []
  const waived: string[] = []
  const doubts: Failure[] = []
  for (const own of scenario.objectives?.(spec) ?? []) {
    const objective = withUsers(own, plan)
    if (objective === undefined) {
      waived.push(own.measure)
      continue
    }
    const result = judge(objective, measures)
    const why = lowerBounds.get(own.measure)
    const isOpen = why !== undefined && 'atLeast' in objective && !result.met
    objectives.push(isOpen ? { ...result, measured: null } : result)
    if (isOpen) doubts.push({ outcome: 'inconclusive', reason: formatOpen(result, why) })
  }
  return { objectives, waived, doubts }
}

/** Undefined when it does not bind here. */
function withUsers(own: Objective, plan: RunPlan): Objective | undefined {
  const { measure } = own
  const users = plan.objectives[measure]
  if ('atMost' in own) return { measure, atMost: users ?? own.atMost * plan.timeScale }
  if (users === undefined && plan.etcd.emulated) return undefined
  return { measure, atLeast: users ?? own.atLeast }
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
