import type { Checker } from '../checkers/checker.ts'
import { judge } from '../checkers/judge/judge.ts'
import { settleByWatches } from '../checkers/judge/settle-by-watches.ts'
import { standardCheckers } from '../checkers/judge/standard.ts'
import { watchChecker } from '../checkers/watch.ts'
import { startCluster } from '../cluster/cluster.ts'
import type { Log } from '../core/log.ts'
import { createRandom } from '../core/random.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { openDrill } from './drill/drill.ts'
import { openEvidence } from './drill/evidence.ts'
import { readFinalState } from './drill/final-state.ts'
import { startWorkload } from './load/background-workload.ts'
import { straight } from './load/route.ts'
import { observeLeader } from './observers/leader.ts'
import { recordMetrics } from './observers/metrics.ts'
import { startWatchers } from './observers/watchers.ts'
import { measure } from './outcome/measures.ts'
import { failureOf } from './outcome/outcome.ts'
import { programCheckers } from './outcome/program-checkers.ts'
import { notApplicableRecord, recordOf } from './outcome/scenario-record.ts'
import type { RunPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

export interface Conducting {
  readonly log: Log
  /** Aborted when the user interrupts: the scenario unwinds and is judged by what it has. */
  readonly signal: AbortSignal
}

/**
 * The conductor: one scenario from a bare engine to a judged record. Evidence is on disk before
 * anything is judged; a cluster never outlives its scenario; nothing is tried twice. Does not
 * throw for what etcd did: the record says it.
 */
export async function conduct(
  scenario: Scenario,
  plan: RunPlan,
  { log, signal }: Conducting,
): Promise<ScenarioRecord> {
  const spec = scenario.adjustSpec?.(plan.spec) ?? plan.spec
  const inapplicable = scenario.notApplicable?.(spec)
  if (inapplicable !== undefined) return notApplicableRecord(scenario, plan, inapplicable)

  await using evidence = await openEvidence(scenario, plan)
  let elections: number | null = null
  try {
    await using cluster = await startCluster({
      spec,
      runId: plan.runId,
      image: plan.etcd.image,
      toolboxImage: plan.toolboxImage,
      timeScale: plan.timeScale,
      saveLogsTo: evidence.directory.members,
      settings: scenario.settings?.(spec) ?? {},
      log,
    })
    await using watch = observeLeader(cluster, evidence)
    await using _metrics = await recordMetrics(cluster, evidence)
    await using routed = await scenario.route?.(cluster)
    const route = routed ?? straight(cluster)
    await using watchers = scenario.watches
      ? await startWatchers(cluster, evidence, route, lateOf(scenario, plan))
      : undefined
    await using load = startWorkload({ cluster, scenario, plan, evidence, route, watchers })
    await using drill = openDrill({ cluster, load, evidence, plan, log, signal })
    await drill.untilSteady('before')
    await scenario.act(drill)
    await drill.undoAll()
    const endsSteady = scenario.ends !== 'elsewhere'
    if (endsSteady) await drill.untilSteady('after')
    await load.stop()
    elections = watch.elections()
    if (endsSteady) evidence.final = await readFinalState(cluster, load, plan.timeScale)
    const last = evidence.final?.members[0]?.revision ?? 0
    await watchers?.untilCaughtUp(last, watchersDeadlineMs * plan.timeScale)
  } catch (thrown) {
    evidence.failures.push(failureOf(thrown, signal))
  }
  const collected = await evidence.collect()
  const verdicts = judge(settleByWatches(collected), checkersFor(scenario))
  const measures = measure(evidence, verdicts, elections, collected.logs)
  return recordOf({ scenario, plan, spec, evidence, verdicts, measures })
}

const watchersDeadlineMs = 30_000

function lateOf({ id, lateWatchers }: Scenario, { seed }: RunPlan) {
  return lateWatchers && { ...lateWatchers, random: createRandom(seed).fork(id).fork('late') }
}

function checkersFor(scenario: Scenario): Checker[] {
  const { skippedCheckers = {}, checkers = [], watches = false, workload } = scenario
  const standard = [...standardCheckers, ...(watches ? [watchChecker] : [])]
  const judging = [...standard.filter(({ name }) => !(name in skippedCheckers)), ...checkers]
  return [...new Set([...judging, ...programCheckers(workload)])]
}
