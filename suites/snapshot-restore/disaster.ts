import type { Drill, Fault, Scenario } from '../../harness/index.ts'
import { workloads } from '../../harness/index.ts'
import { lostForGood } from '../shared/permanent-loss.ts'

/** How long clients go on writing after the snapshot: what will be lost. */
const sinceSnapshotMs = 1_000

/** Clients write on after the snapshot, then every member is lost. Resolves to when that was. */
export async function loseEverything(drill: Drill): Promise<number> {
  await drill.hold(sinceSnapshotMs)
  const lostNs = drill.nowNs()
  await drill.inject(lostForGood, drill.cluster.members)
  await drill.stopLoad()
  return lostNs
}

/** The workload has ended: from here on the members are asked by the scenario alone. */
const clientsGone: Fault = {
  name: 'clients-gone',
  description: 'the workload has ended',
  needs: {},
  inject: async () => async () => {},
}

/** For what clients that know nothing of it would only disturb, such as users and alarms. */
export async function stopClients(drill: Drill): Promise<void> {
  await drill.inject(clientsGone, drill.cluster.members)
  await drill.stopLoad()
}

const rewound = 'the cluster was given up for one restored from a snapshot: its writes go with it'

/** What scenarios that give up the cluster have in common; the history ends with the disaster. */
export const givenUp = {
  workload: workloads.steady,
  faults: [lostForGood, clientsGone],
  ends: 'elsewhere',
  skippedCheckers: { durability: rewound, convergence: rewound },
} as const satisfies Partial<Scenario>
