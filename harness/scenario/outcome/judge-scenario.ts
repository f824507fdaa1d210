import type { CheckInput } from '../../checkers/checker.ts'
import { judge } from '../../checkers/judge/judge.ts'
import {
  type CheckerRegistry,
  createRegistry,
  findCheckers,
} from '../../checkers/judge/registry.ts'
import { settleByLogs } from '../../checkers/judge/settle-by-logs.ts'
import { settleByWatches } from '../../checkers/judge/settle-by-watches.ts'
import { messageOf } from '../../core/errors.ts'
import { faultWindows } from '../../history/fault-windows.ts'
import type { Failure, Observations } from '../../run-record/evidence/observations.ts'
import type { SavedEvidence } from '../../run-record/evidence/read-evidence.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { balancesRequests, traitsOf } from '../../topology/door.ts'
import { attemptsOf, leaseAttemptsOf } from '../measures/attempts.ts'
import { measure } from '../measures/measure.ts'
import { checkPace, checkServedRate } from '../measures/pace.ts'
import { phasesOf } from '../measures/phases.ts'
import { describeBusyMachine, findStalls, isOverwhelmed } from '../measures/stalls.ts'
import { timersOf } from '../measures/timers.ts'
import { checkErrorBudget } from './error-budget.ts'
import { knownIssueIn } from './known-issues.ts'
import { judgeObjectives } from './objectives.ts'
import { conclude } from './outcome.ts'
import { withShrinking } from './shrinking.ts'

/**
 * A scenario's whole record, from its evidence alone: unknown outcomes settled by watches and
 * write-ahead logs, verdicts, measures, objectives, outcome and reason. It reads no file and no clock
 * that counts: the same evidence gives the same record anywhere, but for `judgingMs` and for a checker
 * that gives up because its time limit (`limitsFor`) is over. Throws an InputError for a checker that
 * the registry does not have.
 */
export function judgeScenario(
  { plan, observations, input, metrics, shrinking, sha256 }: SavedEvidence,
  registry: CheckerRegistry = createRegistry(),
): ScenarioRecord {
  const seen = observations ?? cutShort(input.history.events.at(-1)?.timeNs ?? 0)
  const checkers = findCheckers(plan.checkers, registry)
  const { settled, failures: unsettled } = settle(input)
  const { verdicts, judgingMs } = judge(settled, checkers)
  const timers = timersOf(plan)
  const attempts = attemptsOf(input.history)
  const { untimed = {} } = traitsOf(plan.spec) ?? {}
  const leaseAttempts = leaseAttemptsOf(input.leases).filter(
    ({ kind }) => !Object.hasOwn(untimed, kind),
  )
  const windows = faultWindows(input.history.events)
  const phases = phasesOf(windows, seen.marks)
  const { skippedNs = [] } = seen.workload ?? {}
  const stalls = findStalls(attempts, skippedNs, timers)
  const { endsElsewhere = false } = plan
  const startedAtMs = Date.parse(plan.startedAt)
  const drill = {
    startedAtMs,
    attempts,
    leaseAttempts,
    windows,
    phases,
    stalls,
    timers,
    endsElsewhere,
    isBalanced: balancesRequests(plan.spec),
    ...(metrics && { metrics }),
  }
  const { measures, bounds, outages, service, marks } = measure(input, drill, seen, verdicts)
  const { objectives, doubts } = judgeObjectives(plan.objectives, measures, bounds)
  const slow = checkServedRate(plan.plannedRatePerS, measures)
  const unpaced = checkPace(seen.workload)
  const busy = describeBusyMachine(attempts, skippedNs, timers)
  const unserved = checkErrorBudget(drill)
  // Without a fault the rate is that of the drill itself, which etcd may have to answer for.
  const hasFault = measures.writeOutageMs !== undefined
  const isWeak = (hasFault && slow.length > 0) || unpaced.length > 0
  const conclusion = conclude({
    failures: [...seen.failures, ...unserved, ...unsettled, ...slow, ...unpaced, ...doubts],
    verdicts,
    objectives,
    faults: windows,
    waived: plan.waivedObjectives,
    isTooBusy: isWeak || busy !== undefined,
    isOverwhelmed: isWeak || isOverwhelmed(attempts, skippedNs, timers),
    busy,
    known: knownIssueIn(plan, input),
  })
  const record: ScenarioRecord = {
    id: plan.id,
    suite: plan.suite,
    title: plan.title,
    ...conclusion,
    seed: plan.seed,
    startedAt: plan.startedAt,
    clockStartedAt: plan.startedAt,
    durationMs: seen.durationMs,
    ...(plan.adjusted !== undefined && { adjusted: plan.adjusted }),
    members: plan.spec.members,
    measures,
    objectives,
    outages,
    service,
    verdicts,
    ...(plan.unboundObjectives && { unboundObjectives: plan.unboundObjectives }),
    ...(Object.keys(plan.skippedCheckers).length > 0 && { skippedCheckers: plan.skippedCheckers }),
    marks: [...seen.marks, ...marks],
    directory: plan.directory,
    reproduce: plan.reproduce,
    evidenceSha256: sha256,
    judgingMs,
  }
  return shrinking === undefined ? record : withShrinking(record, shrinking)
}

/** An error of ours while settling proves nothing: the unknown outcomes stay, and a reason says so. */
function settle(input: CheckInput): { settled: CheckInput; failures: readonly Failure[] } {
  try {
    return { settled: settleByLogs(settleByWatches(input)), failures: [] }
  } catch (thrown) {
    const reason = `unknown outcomes could not be settled: ${messageOf(thrown)}`
    return { settled: input, failures: [{ outcome: 'inconclusive', reason }] }
  }
}

/** What is known of a drill whose run was killed: it is never held. */
function cutShort(lastNs: number): Observations {
  return {
    format: 'gauntlet-observations/1',
    durationMs: Math.round(lastNs / 1e6),
    failures: [{ outcome: 'inconclusive', reason: 'the run ended before the scenario did' }],
    marks: [],
    measures: {},
    lowerBounds: {},
    elections: null,
  }
}
