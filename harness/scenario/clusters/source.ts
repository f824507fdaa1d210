import type { ClusterPlan } from '../../cluster/plan.ts'
import { startCluster } from '../../cluster/start.ts'
import type { Cluster } from '../../cluster/types.ts'

/** A running cluster for one scenario. Disposing ends the loan, and saves the members' logs. */
export interface ClusterLoan extends AsyncDisposable {
  readonly cluster: Cluster
}

/** Where the conductor gets a scenario's cluster from. Its store has no key, lease or alarm. */
export type ClusterSource = (plan: ClusterPlan) => Promise<ClusterLoan>

/** A cluster of its own for each scenario, removed at the loan's end. */
export const startNewCluster: ClusterSource = async (plan) => {
  const cluster = await startCluster(plan)
  return { cluster, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() }
}
