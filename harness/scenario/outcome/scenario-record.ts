import type { Verdict } from '../../checkers/checker.ts'
import type { Measures, ScenarioRecord } from '../../run-record/run-record.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { PlannedScenario, RunPlan } from '../plan.ts'
import { runAgain } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { checkServedRate } from './measures.ts'
import { judgeObjectives } from './objectives.ts'
import { conclude } from './outcome.ts'

/** What is on record before anything ran: a run that is killed says what it did not reach. */
export function notRunRecord(planned: PlannedScenario, plan: RunPlan): ScenarioRecord {
  return { ...blankRecord(planned, plan), reason: planned.skip ?? 'the run ended before it' }
}

/** A scenario that cannot apply to this cluster, and why. */
export function notApplicableRecord(
  planned: PlannedScenario,
  plan: RunPlan,
  reason: string,
): ScenarioRecord {
  return { ...blankRecord(planned, plan), outcome: 'not-applicable', reason }
}

function blankRecord({ id, title }: PlannedScenario, plan: RunPlan): ScenarioRecord {
  return {
    id,
    suite: id.split('/')[0] ?? id,
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
    reproduce: `${runAgain} ${id} ${plan.options}`,
  }
}

/** The scenario's whole record: measures against objectives, verdicts, and what follows. */
export function recordOf(parts: {
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly spec: ClusterSpec
  readonly evidence: ScenarioEvidence
  readonly verdicts: readonly Verdict[]
  readonly measures: Measures
}): ScenarioRecord {
  const { scenario, plan, spec, evidence, verdicts, measures } = parts
  const judged = judgeObjectives({ scenario, spec, plan }, measures, evidence.lowerBounds)
  const { objectives, waived, doubts } = judged
  const weak = checkServedRate(scenario, measures)
  const failures = [...evidence.failures, ...weak, ...doubts]
  const known = scenario.knownIssue?.(spec)
  // Without a fault the rate is that of the drill itself, which etcd may have to answer for.
  const hasFault = measures.writeOutageMs !== undefined
  const isRateTooLow = hasFault && weak.length > 0
  return {
    ...blankRecord(scenario, plan),
    ...conclude({ failures, verdicts, objectives, waived, isRateTooLow, known }),
    startedAt: evidence.startedAt,
    clockStartedAt: evidence.startedAt,
    durationMs: Math.round(evidence.clock.nowNs() / 1e6),
    members: spec.members.map((member) => ({ ...member, learner: false })),
    measures,
    objectives,
    verdicts,
    marks: evidence.marks,
  }
}
