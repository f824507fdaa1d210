import { type ClusterSpec, faults, type Scenario, workloads } from '../../harness/index.ts'
import { untilHealthy } from '../shared/membership.ts'

/** Clusters whose members are in no list: a service or a name server tells them of each other. */
export const memberDiscovery: readonly Scenario[] = [
  foundBy('discovery', 'A cluster whose members find each other through a discovery service'),
  foundBy('dns', 'A cluster whose members find each other through DNS records'),
]

/** A restarted member reads its peers from its data, whatever the service says by then. */
function foundBy(bootstrap: NonNullable<ClusterSpec['bootstrap']>, cluster: string): Scenario {
  return {
    id: `bootstrap/by-${bootstrap}`,
    title: `${cluster} serves, and a member that was killed comes back`,
    depth: 'ci',
    minMembers: 3,
    adjustSpec: (spec) => ({ ...spec, bootstrap }),
    workload: workloads.steady,
    faults: [faults.kill],
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      const kill = await drill.inject(faults.kill, [leader])
      await drill.untilServing()
      await kill.undo()
      await untilHealthy(drill, leader)
    },
  }
}
