import { compact, range } from '../client/kv.ts'
import { defragment } from '../client/maintenance.ts'
import { connectMember } from '../client/member-client.ts'
import type { Cluster } from '../cluster/types.ts'
import { readMetrics } from '../load/index.ts'
import { featuresOf } from '../topology/etcd-features.ts'
import { type BenchCluster, requestsTo } from './bench-cluster.ts'
import type { BenchPlan } from './plan.ts'

/** Removing millions of keys takes long. */
const timeoutMs = 120_000
/** Of an empty cluster. */
const firstRevision = 1

/**
 * A cluster that was started for the measurement; its keys go with it. Clients connect to the published
 * ports, or to `endpoints` by the members' names.
 */
export async function benchOwnCluster(
  cluster: Cluster,
  target: BenchPlan['target'],
  endpoints: ReadonlyMap<string, string> = new Map(),
): Promise<BenchCluster> {
  const { credentials, spec } = cluster
  const { name: member, clientEndpoint: endpoint } = await cluster.leader()
  const client = connectMember({ member, endpoint, credentials, timeoutMs })
  let compacted = firstRevision
  return {
    ...requestsTo(client),
    readMetrics: async () => {
      const read = cluster.members.map(
        async ({ name, metricsEndpoint }) => [name, await readMetrics(metricsEndpoint)] as const,
      )
      return new Map(await Promise.all(read))
    },
    reach: async () => {
      const leader = await cluster.leader()
      const others = target === 'all' ? await cluster.followers() : []
      const { gatewayPrefix } = featuresOf(spec.version)
      const targets = [...others, leader].map(({ name, clientEndpoint }) => ({
        member: name,
        endpoint: endpoints.get(name) ?? clientEndpoint,
      }))
      return { targets, credentials, gatewayPrefix }
    },
    reclaim: async () => {
      const { revision } = await range(client, { key: 'none' })
      if (revision === compacted) return
      await compact(client, revision, { physical: true })
      compacted = revision
      for (const { name, clientEndpoint } of [
        ...(await cluster.followers()),
        await cluster.leader(),
      ])
        await defragmentMember({ member: name, endpoint: clientEndpoint, credentials, timeoutMs })
    },
    [Symbol.asyncDispose]: async () => client.close(),
  }
}

async function defragmentMember(connection: Parameters<typeof connectMember>[0]): Promise<void> {
  const client = connectMember(connection)
  try {
    await defragment(client)
  } finally {
    client.close()
  }
}
