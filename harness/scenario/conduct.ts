import type { CheckerRegistry } from '../checkers/judge/registry.ts'
import type { ClusterPlan } from '../cluster/plan.ts'
import type { Cluster, Member } from '../cluster/types.ts'
import type { Log } from '../core/log.ts'
import { readEvidence } from '../run-record/read-evidence.ts'
import { scenarioPaths } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { authConflict } from './auth-conflict.ts'
import { type ClusterSource, startNewCluster } from './cluster-source.ts'
import { doorConflict } from './door-conflict.ts'
import { openDrill } from './drill/drill.ts'
import { openEvidence, type ScenarioEvidence } from './drill/evidence.ts'
import { collectFinalState } from './drill/final-state.ts'
import { leaseReaderOf, untilLeasesKept } from './drill/kept-leases.ts'
import { inTime } from './drill/timed-promise.ts'
import { keepWriteAheadLogs } from './drill/write-ahead-logs.ts'
import { startBackgroundLoad, underLoad } from './load/background-load.ts'
import { startWorkload } from './load/background-workload.ts'
import { startGuest } from './load/guest.ts'
import { directRoute, doorRoute, observedRoute } from './load/route.ts'
import type { WorkloadMemory } from './load/workload-memory.ts'
import {
  missingCapability,
  missingDoors,
  missingFsync,
  missingMembers,
} from './missing-capability.ts'
import { observeLeader } from './observers/leader.ts'
import { recordMetrics } from './observers/metrics.ts'
import { startWatchers } from './observers/watchers.ts'
import { planWatching } from './observers/watching-plan.ts'
import { failuresOf } from './outcome/failures-of.ts'
import { judgeScenario } from './outcome/judge-scenario.ts'
import { notApplicableRecord } from './outcome/scenario-record.ts'
import type { RunPlan } from './plan.ts'
import type { Scenario, UpgradedRun } from './scenario.ts'

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

/** The user's cluster as the scenario has it, and why the scenario does not apply, if so. */
export function fitScenario(
  scenario: Scenario,
  plan: Pick<RunPlan, 'spec' | 'capabilities'> & UpgradedRun,
): { readonly spec: ClusterSpec; readonly inapplicable: string | undefined } {
  const spec = scenario.adjustSpec?.(plan.spec) ?? plan.spec
  const inapplicable =
    missingMembers(scenario, spec) ??
    scenario.notApplicable?.(spec, plan) ??
    authConflict(scenario, spec) ??
    doorConflict(scenario, spec) ??
    missingDoors(scenario.faults, spec) ??
    missingFsync(scenario.faults, spec) ??
    missingCapability(scenario.faults, plan.capabilities)
  return { spec, inapplicable }
}

interface Conducted {
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly spec: ClusterSpec
}

/** Resolves to the scenario's directory, when all evidence is on disk and the cluster is gone. */
async function conductDrill(
  { scenario, plan, spec }: Conducted,
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

/** What `conduct` starts the scenario's cluster with; undefined where the scenario does not apply. */
export function planCluster(scenario: Scenario, plan: RunPlan, log: Log): ClusterPlan | undefined {
  const loaded = underLoad(scenario, plan)
  const { spec, inapplicable } = fitScenario(loaded, plan)
  if (inapplicable !== undefined) return undefined
  return savingPlanOf({ scenario: loaded, plan, spec }, log)
}

function savingPlanOf(conducted: Conducted, log: Log): ClusterPlan {
  const { scenario, plan } = conducted
  const { members: saveLogsTo } = scenarioPaths(plan.directory, scenario.id)
  return { ...clusterPlanOf(conducted, log), saveLogsTo }
}

/** What the scenario's cluster starts with. */
export function clusterPlanOf({ scenario, plan, spec }: Conducted, log: Log): ClusterPlan {
  const { runId, toolboxImage, timeScale, failpoints } = plan
  const settings = scenario.settings?.(spec) ?? {}
  const setsFailpoints = scenario.faults.some(({ needs }) => needs.failpoints)
  return {
    spec,
    runId,
    image: plan.etcd.image,
    toolboxImage,
    timeScale,
    settings,
    log,
    ...(setsFailpoints && failpoints && { failpoints }),
  }
}

/**
 * One drill on a running cluster, from a steady state to the final state of its members. Throws what
 * ended it early; every fault is undone then.
 */
export async function runDrill(
  drilled: Conducted & {
    readonly cluster: Cluster
    readonly evidence: ScenarioEvidence
    readonly memory?: WorkloadMemory
  },
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
  await using watchers = watching && (await startWatchers(cluster, evidence, route, watching))
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
  if (endsSteady) {
    const readerOf = (member: Member) =>
      leaseReaderOf(workload.clientOf(member), drill.deadlines.appliedMs)
    const final = await collectFinalState(cluster, workload, {
      timeScale: plan.timeScale,
      convergeMs: drill.deadlines.appliedMs,
    })
    evidence.final = final
    await untilLeasesKept(final, cluster.members.map(readerOf), drill.deadlines.appliedMs)
    await inTime(caughtUp, async () => watchers?.untilCaughtUp(final, drill.deadlines.appliedMs))
  }
}

const caughtUp = { id: 'watchers-catch-up', sentence: 'every watcher to receive every event' }
