import type { Checker } from '../checkers/checker.ts'
import { judge } from '../checkers/judge.ts'
import { standardCheckers } from '../checkers/standard.ts'
import { watch as watchChecker } from '../checkers/watch.ts'
import { settleByWatches } from '../checkers/watch-settle.ts'
import { startCluster } from '../cluster/cluster.ts'
import type { Log } from '../core/log.ts'
import { createRandom } from '../core/random.ts'
import type { ScenarioRecord } from '../record/run-record.ts'
import { openDrill } from './drill.ts'
import { openEvidence } from './evidence.ts'
import { readFinalState } from './final-state.ts'
import { watchLeader } from './leader-watch.ts'
import { startLoad } from './load.ts'
import { measure } from './measures.ts'
import { keepMetrics } from './metrics-keeper.ts'
import { failureOf } from './outcome.ts'
import type { RunPlan } from './plan.ts'
import { programCheckers } from './program-checkers.ts'
import { straight } from './route.ts'
import type { Scenario } from './scenario.ts'
import { notApplicableRecord, recordOf } from './scenario-record.ts'
import { startWatchers } from './watchers.ts'

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
  const spec = scenario.shape?.(plan.spec) ?? plan.spec
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
    await using watch = watchLeader(cluster, evidence)
    await using _metrics = await keepMetrics(cluster, evidence)
    await using routed = await scenario.route?.(cluster)
    const route = routed ?? straight(cluster)
    await using watchers = scenario.watches
      ? await startWatchers(cluster, evidence, route, lateOf(scenario, plan))
      : undefined
    await using load = startLoad({ cluster, scenario, plan, evidence, route, watchers })
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
  const { without = {}, checkers = [], watches = false, workload } = scenario
  const standard = [...standardCheckers, ...(watches ? [watchChecker] : [])]
  const judging = [...standard.filter(({ name }) => !(name in without)), ...checkers]
  return [...new Set([...judging, ...programCheckers(workload)])]
}
