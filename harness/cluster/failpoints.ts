import { readFailpoints } from '../core/etcd/failpoints.ts'
import type { ClusterPlan } from './plan.ts'
import { startCluster } from './start.ts'

/** Starts one member of a binary that has failpoints, and asks it for their names. */
export async function listFailpoints(plan: ClusterPlan): Promise<readonly string[]> {
  const members = plan.spec.members.slice(0, 1)
  await using cluster = await startCluster({
    ...plan,
    spec: { ...plan.spec, members },
    failpoints: [],
  })
  const [member] = cluster.members
  return [...(await readFailpoints(member?.failpointsEndpoint ?? '')).keys()]
}
