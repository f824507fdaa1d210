import { isDeepStrictEqual } from 'node:util'
import type { ClusterPlan } from '../../cluster/plan.ts'
import { startCluster } from '../../cluster/start.ts'
import type { Cluster } from '../../cluster/types.ts'
import { messageOf } from '../../core/errors.ts'
import type { ClusterLoan, ClusterSource } from '../clusters/source.ts'
import { emptyStore } from './empty-store.ts'

/** Clusters that serve one scenario after the other. Disposing removes them. */
export interface ClusterPool extends AsyncDisposable {
  readonly lend: ClusterSource
}

interface PooledCluster {
  readonly plan: ClusterPlan
  readonly cluster: Cluster
}

/**
 * Lends a cluster of the same spec, image and settings again, once its members are healthy and its
 * store is empty, and starts one where there is none. Terms and revisions go on from scenario to
 * scenario, and each saves the whole logs. For scenarios that leave no request open and no member
 * changed: a cluster that is not healthy at once, or has other members, is removed.
 */
export function openClusterPool(): ClusterPool {
  const idle = new Set<PooledCluster>()
  const take = async (plan: ClusterPlan): Promise<Cluster | undefined> => {
    for (const pooled of idle) {
      if (!isSamePlan(pooled.plan, plan)) continue
      idle.delete(pooled)
      const unusable = await prepare(pooled)
      if (unusable === undefined) return pooled.cluster
      plan.log?.warn(`a shared cluster is replaced: ${unusable}`)
      await pooled.cluster[Symbol.asyncDispose]()
    }
    return undefined
  }
  return {
    lend: async (plan): Promise<ClusterLoan> => {
      const { saveLogsTo, ...unsaved } = plan
      const cluster = (await take(plan)) ?? (await startCluster(unsaved))
      return {
        cluster,
        [Symbol.asyncDispose]: async () => {
          idle.add({ plan, cluster })
          if (saveLogsTo !== undefined) await cluster.saveLogs(saveLogsTo)
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      await using clusters = new AsyncDisposableStack()
      for (const { cluster } of idle) clusters.use(cluster)
    },
  }
}

function isSamePlan(one: ClusterPlan, other: ClusterPlan): boolean {
  const deciding = ({ spec, image, toolboxImage, settings, timeScale }: ClusterPlan) => {
    return { spec, image, toolboxImage, settings, timeScale }
  }
  return isDeepStrictEqual(deciding(one), deciding(other))
}

/** Undefined when it is as its plan started it; else what is wrong with it. */
async function prepare({ plan, cluster }: PooledCluster): Promise<string | undefined> {
  const [wanted, present] = [plan.spec.members, cluster.members].map((members) =>
    members.map(({ name }) => name),
  )
  if (!isDeepStrictEqual(wanted, present)) return `expected ${wanted}, got ${present}`
  const health = await Promise.all(cluster.members.map((member) => member.isHealthy()))
  if (health.includes(false)) return 'a member is not healthy'
  return emptyStore(cluster).then(() => undefined, messageOf)
}
