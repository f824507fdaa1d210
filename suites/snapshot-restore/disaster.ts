import type { Drill, Scenario } from '../../harness/index.ts'
import { workloads } from '../../harness/index.ts'
import { permanentLoss } from '../shared/permanent-loss.ts'
import { clientsGone } from '../shared/stop-clients.ts'

/** How long clients go on writing after the snapshot: what will be lost. */
const sinceSnapshotMs = 1_000

/** Clients write on after the snapshot, then every member is lost. Resolves to when that was. */
export async function loseEverything(drill: Drill): Promise<number> {
  await drill.hold(sinceSnapshotMs)
  const lostNs = drill.nowNs()
  await drill.inject(permanentLoss, drill.cluster.members)
  await drill.stopLoad()
  return lostNs
}

const rewound = 'the cluster was given up for one restored from a snapshot: its writes go with it'

/** What scenarios that give up the cluster have in common; the history ends with the disaster. */
export const givenUp = {
  workload: workloads.steady,
  faults: [permanentLoss, clientsGone],
  ends: 'elsewhere',
  skippedCheckers: { durability: rewound, convergence: rewound },
} as const satisfies Partial<Scenario>
