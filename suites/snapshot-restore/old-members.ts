import { type Drill, done, etcd, type Member, notYet, type Scenario } from '../../harness/index.ts'
import { listMembers } from '../shared/membership.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import { expectAsOf, expectOneState } from './expectations.ts'
import { namesOf, restoreCluster } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

export const oldMembers: readonly Scenario[] = [
  {
    ...abandonedCluster,
    id: 'snapshot-restore/old-member-refused',
    title: 'A restored cluster rejects a member of the lost one',
    depth: 'full',
    act: async (drill) => {
      const { content, revision } = await takeSnapshot(drill, await drill.cluster.leader())
      await loseEverything(drill)
      const names = namesOf(drill.cluster.members)
      const [back = '', ...others] = names
      await restoreCluster(drill, { content, names: others, keepOldData: true })
      const [restored] = drill.cluster.members as [Member]
      const before = (await listMembers(drill, restored)).length
      const old = await drill.cluster.startMember({ name: back })
      await expectMismatch(drill, old)
      const after = (await listMembers(drill, restored)).length
      drill.expect(
        'old-member-not-counted',
        'the restored cluster does not count the old member',
        after === before,
        `${after}`,
      )
      await drill.cluster.removeMember(back)
      await expectAsOf(drill, revision)
      await expectOneState(drill)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/different-snapshots',
    title: 'Members restored from different snapshots serve different keys without any warning',
    depth: 'full',
    act: async (drill) => {
      const names = namesOf(drill.cluster.members)
      const { content: early } = await takeSnapshot(drill, await drill.cluster.leader())
      await drill.hold(betweenMs)
      const { content: late } = await takeSnapshot(drill, await drill.cluster.leader())
      await loseEverything(drill)
      const [odd = ''] = names
      await restoreCluster(drill, { content: late, names, contentOf: { [odd]: early } })
      const differing = await countHashes(drill)
      drill.expect(
        'differing-hashes-show-mistake',
        'the members’ hashes differ',
        differing > 1,
        `${differing} hash`,
      )
    },
  },
]

const betweenMs = 1_000

/** Both sides log the mismatch, and the old member is without quorum. */
async function expectMismatch(drill: Drill, old: Member): Promise<void> {
  await drill.becomes(
    'old-member-rejected-for-cluster-id',
    'a log line about a cluster ID mismatch',
    async () => {
      const logs = await Promise.all(drill.cluster.members.map((member) => member.logs()))
      return logs.some((log) => /cluster ID mismatch/.test(log))
        ? done(undefined)
        : notYet('no such line')
    },
    { intervalMs: 200 },
  )
  const healthy = await old.isHealthy()
  drill.expect('old-member-is-unhealthy', 'the old member is not healthy', !healthy, 'healthy')
}

/** How many hashes the members report; members at other revisions differ as well. */
async function countHashes({ cluster, client }: Drill): Promise<number> {
  const found = await Promise.all(cluster.members.map((member) => etcd.hashKV(client(member))))
  return new Set(found.map(({ hash }) => hash)).size
}
