import { type Drill, faults, type Scenario, workloads } from '../../harness/index.ts'

/** How long clients write after the snapshot: these writes will be lost. */
const sinceSnapshotMs = 1_000

/** Lets clients write after the snapshot, then loses every member. Resolves to the time of the loss. */
export async function loseEverything(drill: Drill): Promise<number> {
  await drill.hold(sinceSnapshotMs)
  const lostNs = drill.nowNs()
  await drill.inject(faults.destroy, drill.cluster.members)
  await drill.stopWorkload()
  return lostNs
}

const clusterAbandoned =
  'a cluster restored from a snapshot replaces this one and lacks its later writes'

/** Shared by scenarios that abandon their cluster: the history ends with the disaster. */
export const abandonedCluster = {
  workload: { ...workloads.steady, programs: workloads.withoutLeases },
  faults: [faults.destroy],
  ends: 'elsewhere',
  skippedCheckers: {
    durability: clusterAbandoned,
    convergence: clusterAbandoned,
    'write-ahead-log': clusterAbandoned,
    lease: 'a lease that ends in the restored cluster changes what is compared with the snapshot',
  },
} as const satisfies Partial<Scenario>
