import { type CountCheck, checkCount, type Others } from './count-check.ts'
import type { Generator, Load, MeasuredLoad } from './generator.ts'
import { type MachineUse, machineUse, otherProcessCores } from './machine.ts'
import { costBetween, type MemberCost, type MemberMetrics } from './metrics.ts'

/** What a measurement asks of a cluster, whoever runs it. */
export interface MeasuredCluster {
  /** etcd's revision, read linearizably, so that it includes every acknowledged write. */
  readRevision(): Promise<number>
  /** Of each member whose metrics can be read. */
  readMetrics(): Promise<ReadonlyMap<string, MemberMetrics>>
}

/** The cluster and the machine at one time. */
export interface ClusterSample {
  readonly atMs: number
  readonly machine: MachineUse
  readonly revision: number
  readonly metrics: ReadonlyMap<string, MemberMetrics>
}

/** Reads the members' metrics, then the revision, then the clock. */
export async function takeSample(cluster: MeasuredCluster): Promise<ClusterSample> {
  const metrics = await cluster.readMetrics()
  const revision = await cluster.readRevision()
  return { atMs: performance.now(), machine: machineUse(), revision, metrics }
}

/** What lies between two samples: the members' costs, and what other processes took meanwhile. */
export interface RoundCost {
  readonly elapsedMs: number
  /** Cores. */
  readonly otherProcessCores: number
  readonly costs: readonly MemberCost[]
}

/** The cost of one run of a generator, between the samples before and after it. */
export function costOfRound(
  before: ClusterSample,
  after: ClusterSample,
  { cpuCores }: MeasuredLoad,
): RoundCost {
  const elapsedMs = after.atMs - before.atMs
  const costs = [...after.metrics].flatMap(([member, now]) => {
    const then = before.metrics.get(member)
    return then === undefined ? [] : [costBetween(member, { before: then, after: now })]
  })
  const others = otherProcessCores(
    { before: before.machine, after: after.machine },
    {
      elapsedS: elapsedMs / 1_000,
      membersS: costs.reduce((sum, { cpuS }) => sum + cpuS, 0),
      generatorCores: cpuCores,
    },
  )
  return { elapsedMs, otherProcessCores: others, costs }
}

/** One run of a generator, with the proof of its count and what it cost. */
export interface MeasuredRound {
  readonly measured: MeasuredLoad
  readonly proof: CountCheck
  readonly cost: RoundCost
}

const nobody: Others = { acknowledged: 0, unknown: 0 }

/**
 * Measures a cluster that no other client writes to. `unsettled` counts the writes of earlier rounds
 * whose outcome is unknown. The run of the generator ends early when the signal aborts.
 */
export async function measureRound(
  cluster: MeasuredCluster,
  generator: Generator,
  { load, unsettled }: { readonly load: Load; readonly unsettled: number },
  signal?: AbortSignal,
): Promise<MeasuredRound> {
  const before = await takeSample(cluster)
  const measured = await generator.run(load, signal)
  const after = await takeSample(cluster)
  const proof = checkCount({
    revisionBefore: before.revision,
    revisionAfter: after.revision,
    created: measured.revisions,
    unsettled,
    others: nobody,
  })
  return { measured, proof, cost: costOfRound(before, after, measured) }
}
