import { startCluster } from '../../cluster/start.ts'
import type { Cluster } from '../../cluster/types.ts'
import { formatLength } from '../../core/text/format-length.ts'
import type { Failure } from '../../run-record/evidence/observations.ts'
import type { EvidenceDirectory } from '../../run-record/run-directory.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { fitScenario } from '../applicability/fit-scenario.ts'
import { clusterPlanOf } from '../clusters/plan-cluster.ts'
import { type ConductOptions, runDrill } from '../conduct.ts'
import { openEvidence, type ScenarioEvidence, type WindowStart } from '../drill/evidence.ts'
import { underLoad } from '../load/background-load.ts'
import { createWorkloadMemory, type WorkloadMemory } from '../load/workload-memory.ts'
import { failuresOf } from '../outcome/failures-of.ts'
import { inconclusiveRecord, notApplicableRecord } from '../outcome/scenario-record.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { combineWindows } from './combine-windows.ts'
import { type JudgeQueue, openJudgeQueue } from './judge-queue.ts'
import { readWindowed } from './read-windowed.ts'
import { createWindow, createWindows, saveObservations } from './window-files.ts'
import { trackWindows } from './window-lengths.ts'

/** A scenario of any length. */
export interface LongScenario {
  readonly scenario: Scenario
  readonly durationMs: number
  /** The scenario for a window of that length, which goes on with what the last one did not do. */
  window(lengthMs: number): Scenario
}

interface Conducted {
  readonly long: LongScenario
  readonly plan: RunPlan
  readonly spec: ClusterSpec
  readonly directory: EvidenceDirectory
}

/**
 * Conducts a scenario in windows of minutes on one cluster. Each begins where the last one ended: its
 * clients stop, the members' final state is read, and the next window goes on from there while the
 * last one is judged. So memory and the time to a verdict do not grow with the length. It ends early
 * when a window breaks a guarantee, or ends without a state to go on from. Does not throw for what
 * etcd did.
 */
export async function conductWindows(
  long: LongScenario,
  plan: RunPlan,
  options: ConductOptions,
): Promise<ScenarioRecord> {
  const { durationMs } = long
  const scenario = underLoad(long.scenario, plan)
  const { spec, inapplicable } = fitScenario(scenario, plan)
  if (inapplicable !== undefined) return notApplicableRecord(scenario, plan, inapplicable)
  const directory = createWindows({ scenario, plan, spec, durationMs })
  const judging = openJudgeQueue(options.log, options.registry)
  const startedMs = performance.now()
  const failures: Failure[] = []
  let windows = 0
  try {
    await using cluster = await startCluster(clusterPlanOf({ scenario, plan, spec }, options.log))
    const upMs = performance.now()
    const untilMs = upMs + durationMs
    const memory = createWorkloadMemory(scenario, plan, cluster.members.length)
    const conducted = { long, plan, spec, directory, cluster, memory, judging, upMs }
    const clock = trackWindows(untilMs)
    let from: WindowStart | undefined
    for (let lengthMs = clock.next(); lengthMs > 0; lengthMs = clock.next()) {
      from = await conductWindow(conducted, { number: ++windows, lengthMs, from }, options)
      if (from === undefined || judging.hasBroken()) break
    }
  } catch (thrown) {
    failures.push(...failuresOf(thrown, options.signal))
  }
  const ended = { failures, windows, durationMs: performance.now() - startedMs }
  saveObservations(directory, ended)
  const records = await judging.finish()
  return combineWindows(await readWindowed(directory.path), records)
}

interface Window {
  readonly number: number
  readonly lengthMs: number
  readonly from: WindowStart | undefined
}

/** Resolves to what the next window goes on from; undefined when this one did not end well. */
async function conductWindow(
  conducted: Conducted & {
    readonly cluster: Cluster
    readonly memory: WorkloadMemory
    readonly judging: JudgeQueue
    /** When the cluster was up, by the clock of this process. */
    readonly upMs: number
  },
  { number, lengthMs, from }: Window,
  options: ConductOptions,
): Promise<WindowStart | undefined> {
  const { long, plan, spec, cluster, memory, judging, upMs } = conducted
  const since = number === 1 ? '' : `, ${formatLength(performance.now() - upMs)} after the first`
  options.log.step(
    `window ${number}, of ${Math.round(lengthMs / 1_000)} s${since}: its own clock begins`,
  )
  const directory = createWindow(conducted.directory, number)
  const scenario = underLoad(long.window(lengthMs), plan)
  await using evidence = await openEvidence(scenario, plan, spec, {
    directory,
    ...(from && { from }),
  })
  try {
    await runDrill({ scenario, plan, spec, cluster, evidence, memory }, options)
  } catch (thrown) {
    evidence.failures.push(...failuresOf(thrown, options.signal, evidence.unwoundNs))
  }
  await cluster.cutLogs(directory.members)
  await evidence.save()
  await evidence[Symbol.asyncDispose]()
  judging.add({
    directory: directory.path,
    unjudged: (reason) => inconclusiveRecord(scenario, plan, reason),
  })
  return startOfNext(evidence)
}

/** A request may take effect until the end of the window after its own; a read has no effect. */
function startOfNext({ final, failures, recorder }: ScenarioEvidence): WindowStart | undefined {
  const [member] = final?.members ?? []
  if (member === undefined || failures.some(({ outcome }) => outcome === 'broken')) return undefined
  const { revision, keys } = member
  const carried = recorder.unknown().filter(({ f, carried: isOld }) => {
    return f !== 'get' && f !== 'range' && isOld !== true
  })
  return { store: { revision, kvs: keys }, carried }
}
