import {
  agentFor,
  type Cluster,
  type Drill,
  done,
  featuresOf,
  type Member,
  notYet,
  sendOnce,
} from '../../../harness/index.ts'

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

/** Such as `3.5.0`: how etcd names the version of a whole cluster. */
export const clusterVersionFor = (version: string): string => `${featuresOf(version).series}.0`

/** Every member writes its data in the form of that version. Expects it as the promise of that id. */
export async function untilDataIsOf(drill: Drill, id: string, version: string): Promise<void> {
  const expected = clusterVersionFor(version)
  const { cluster } = drill
  await drill.becomes(
    id,
    `the data of every member to be of version ${expected}`,
    async () => {
      const all = await Promise.all(cluster.members.map((member) => readVersions(cluster, member)))
      const found = all.map(({ storage }) => storage ?? 'none')
      return found.every((each) => each === expected) ? done(undefined) : notYet(found.join(', '))
    },
    { deadlineMs: drill.deadlines.membershipMs, intervalMs: 250 },
  )
}
