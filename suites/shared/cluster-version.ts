import { agentFor, type Cluster, type Member, sendOnce } from '../../harness/index.ts'

const timeoutMs = 5_000

/** What `/version` of a member says. `storage`, the version of its data, is there from 3.6 on. */
export interface ReportedVersions {
  readonly etcdserver: string
  readonly etcdcluster: string
  readonly storage?: string
}

/** Asks once, over the client port; throws what the connection does. */
export async function readVersions(cluster: Cluster, member: Member): Promise<ReportedVersions> {
  const agent = agentFor(cluster.credentials)
  try {
    const url = new URL('/version', member.clientEndpoint)
    return JSON.parse((await sendOnce({ url, agent, timeoutMs })).body)
  } finally {
    agent.destroy()
  }
}
