import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { type PlannedScenario, type RunPlan, runAgain } from '../plan.ts'

/** What is on record before anything ran: a run that is killed says what it did not reach. */
export function notRunRecord(planned: PlannedScenario, plan: RunPlan): ScenarioRecord {
  return { ...blankRecord(planned, plan), reason: planned.skip ?? 'the run ended before it' }
}

/** A scenario whose turn came at this time, when it was too late to begin. */
export function tooLateRecord(
  planned: PlannedScenario,
  plan: RunPlan,
  now = new Date(),
): ScenarioRecord {
  const reason = 'the time in which it could begin was over'
  return { ...blankRecord(planned, plan), reason, startedAt: now.toISOString() }
}

/** A scenario that cannot apply to this cluster, and why. */
export function notApplicableRecord(
  planned: PlannedScenario,
  plan: RunPlan,
  reason: string,
): ScenarioRecord {
  return { ...blankRecord(planned, plan), outcome: 'not-applicable', reason }
}

/** A scenario that Gauntlet could not conduct or judge, and why. */
export function inconclusiveRecord(
  planned: PlannedScenario,
  plan: RunPlan,
  reason: string,
): ScenarioRecord {
  return { ...blankRecord(planned, plan), outcome: 'inconclusive', reason }
}

function blankRecord({ id, title }: PlannedScenario, plan: RunPlan): ScenarioRecord {
  return {
    id,
    suite: suiteOf(id),
    title,
    outcome: 'not-run',
    reason: '',
    seed: plan.seed,
    startedAt: plan.startedAt,
    durationMs: 0,
    members: [],
    measures: {},
    objectives: [],
    verdicts: [],
    marks: [],
    directory: `scenarios/${id}`,
    reproduce: reproduceCommand(id, plan),
  }
}

export const suiteOf = (id: string): string => id.split('/')[0] ?? id

export const reproduceCommand = (id: string, { options }: RunPlan): string =>
  `${runAgain} ${id} ${options}`
