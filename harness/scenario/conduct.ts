import type { CheckerRegistry } from '../checkers/judge/registry.ts'
import type { Cluster, Member } from '../cluster/types.ts'
import type { Log } from '../core/log.ts'
import { readEvidence } from '../run-record/evidence/read-evidence.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { fitScenario } from './applicability/fit-scenario.ts'
import { type FittedScenario, savingPlanOf } from './clusters/plan-cluster.ts'
import { type ClusterSource, startNewCluster } from './clusters/source.ts'
import { type OpenDrill, openDrill } from './drill/drill.ts'
import { openEvidence, type ScenarioEvidence } from './drill/evidence.ts'
import { collectFinalState } from './drill/final-state.ts'
import { leaseReaderOf, untilLeasesKept } from './drill/kept-leases.ts'
import { inTime } from './drill/timed-promise.ts'
import { keepWriteAheadLogs } from './drill/write-ahead-logs.ts'
import { startBackgroundLoad, underLoad } from './load/background-load.ts'
import { startWorkload, type Workload } from './load/background-workload.ts'
import { startGuest } from './load/guest.ts'
import { directRoute, doorRoute, observedRoute } from './load/route.ts'
import type { WorkloadMemory } from './load/workload-memory.ts'
import { observeLeader } from './observers/leader.ts'
import { recordMetrics } from './observers/metrics.ts'
import { startWatchers, type Watchers } from './observers/watchers.ts'
import { planWatching } from './observers/watching-plan.ts'
import { failuresOf } from './outcome/failures-of.ts'
import { judgeScenario } from './outcome/judge-scenario.ts'
import { notApplicableRecord } from './outcome/scenario-record.ts'
import type { RunPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

export interface ConductOptions {
  readonly log: Log
  /** Aborted when the user interrupts: the scenario unwinds and is judged by what it has. */
  readonly signal: AbortSignal
  /** What the scenario's names of checkers mean; default ours. */
  readonly registry?: CheckerRegistry
  /** Default: a new cluster, which does not outlive the scenario. */
  readonly clusters?: ClusterSource
  /** Called when nothing is measured any more: what follows saves, removes and judges. */
  readonly onDrillOver?: () => void
  /**
   * Of the time that etcd has for each promise, the share that it gets here; default 1. For a drill
   * whose promises never come true. How long faults last and requests wait stays as it is.
   */
  readonly patience?: number
}

/**
 * The conductor: one scenario from a bare engine to a judged record. The verdict uses nothing but
 * the scenario's directory, as `gauntlet check` does; a new cluster never outlives its scenario; nothing
 * is tried twice. Does not throw for what etcd did: the record says it.
 */
export async function conduct(
  scenario: Scenario,
  plan: RunPlan,
  options: ConductOptions,
): Promise<ScenarioRecord> {
  const loaded = underLoad(scenario, plan)
  const { spec, inapplicable } = fitScenario(loaded, plan)
  if (inapplicable !== undefined) return notApplicableRecord(loaded, plan, inapplicable)
  const directory = await conductDrill({ scenario: loaded, plan, spec }, options)
  return judgeScenario(await readEvidence(directory), options.registry)
}

/** Resolves to the scenario's directory, when all evidence is on disk and the cluster is gone. */
async function conductDrill(
  { scenario, plan, spec }: FittedScenario,
  options: ConductOptions,
): Promise<string> {
  const { log, signal, clusters = startNewCluster } = options
  await using evidence = await openEvidence(scenario, plan, spec)
  try {
    await using loan = await clusters(savingPlanOf({ scenario, plan, spec }, log))
    await using _logs = keepWriteAheadLogs(loan.cluster, scenario, evidence)
    const drilled = { scenario, plan, spec, cluster: loan.cluster, evidence }
    await runDrill(drilled, options).finally(options.onDrillOver)
  } catch (thrown) {
    evidence.failures.push(...failuresOf(thrown, signal, evidence.unwoundNs))
  }
  await evidence.save()
  return evidence.directory.path
}

/** What a drill runs on, and where its evidence goes. */
interface Drilled extends FittedScenario {
  readonly cluster: Cluster
  readonly evidence: ScenarioEvidence
  readonly memory?: WorkloadMemory
}

/**
 * One drill on a running cluster, from a steady state to the final state of its members. Throws what
 * ended it early; every fault is undone then.
 */
export async function runDrill(
  drilled: Drilled,
  { log, signal, patience = 1 }: Pick<ConductOptions, 'log' | 'signal' | 'patience'>,
): Promise<void> {
  const { scenario, plan, spec, cluster, evidence } = drilled
  await using _leader = observeLeader(cluster, evidence)
  await using _metrics = await recordMetrics(cluster, evidence)
  await using routed = await scenario.route?.(cluster)
  const direct = observedRoute(routed ?? directRoute(cluster), evidence.headers.observe)
  const throughDoors = routed === undefined ? doorRoute(cluster) : undefined
  const route = throughDoors ?? direct
  const watching = planWatching(scenario, plan, spec)
  const ways = { clients: route, direct }
  await using watchers = watching && (await startWatchers(cluster, evidence, ways, watching))
  const routes = { drill: direct, clients: route }
  const parts = { ...drilled, routes, watchers }
  await using workload = startWorkload(parts)
  await using guest = startGuest({ ...drilled, routes })
  await using drill = openDrill({ ...parts, workload, guest, log, signal, patience })
  await drill.untilSteady(evidence.from === undefined ? 'before' : 'after')
  const client = workload.clientOf(cluster.members[0] as Member)
  await using load = await startBackgroundLoad({ ...drilled, client })
  await drill.act()
  await drill.undoAll()
  const endsSteady = scenario.ends !== 'elsewhere'
  if (endsSteady) await drill.untilSteady('after')
  await load?.stop()
  await workload.stop()
  if (endsSteady) await proveFinalState(drilled, { drill, workload, watchers })
}

interface EndedDrill {
  readonly drill: OpenDrill
  readonly workload: Workload
  readonly watchers: Watchers | undefined
}

/** Every member's data, that its leases still hold its keys, and that watchers received all of it. */
async function proveFinalState(
  { plan, cluster, evidence }: Drilled,
  { drill, workload, watchers }: EndedDrill,
): Promise<void> {
  const { timeScale } = plan
  const { appliedMs } = drill.deadlines
  const final = await collectFinalState(cluster, workload, { timeScale, convergeMs: appliedMs })
  evidence.final = final
  const readers = cluster.members.map((member) =>
    leaseReaderOf(workload.clientOf(member), appliedMs),
  )
  await untilLeasesKept(final, readers, appliedMs)
  await inTime(directCaughtUp, async () => watchers?.untilDirectCaughtUp(final, appliedMs))
  await inTime(caughtUp, async () => watchers?.untilCaughtUp(final, appliedMs))
}

const directCaughtUp = {
  id: 'watchers-at-members-catch-up',
  sentence: 'every watcher at a member itself to receive every event',
}
const caughtUp = { id: 'watchers-catch-up', sentence: 'every watcher to receive every event' }
