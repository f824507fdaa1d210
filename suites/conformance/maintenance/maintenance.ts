import { type ClusterSpec, etcd } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'
import { alarms } from './alarms.ts'
import { leaderMove } from './leadership.ts'
import { latestInSnapshots, snapshotIsWhole } from './snapshots.ts'
import { clientsOfAll, statuses } from './statuses.ts'

/** Each rejects the workload's writes for a moment. */
const alarmTurns = 5

export const maintenance = conformance({
  name: 'maintenance',
  behindDoors: checksAskMembers,
  title: 'Members report their state, hand over leadership, raise alarms and stream their database',
  notApplicable: ({ members }: ClusterSpec) =>
    members.length < 3 ? 'leadership moves among three members or more' : undefined,
  parts: [
    repeat(statuses),
    repeat(hashes),
    leaderMove,
    repeat(alarms, alarmTurns),
    snapshotIsWhole,
    latestInSnapshots,
  ],
})

async function hashes(context: TopicContext): Promise<void> {
  const { check, client, prefix, has } = context
  const put = async (value: string) =>
    (await etcd.put(client(0), { key: `${prefix}hashed`, value })).revision
  const [first, second] = [await put('one'), await put('two')]
  const hashAt = (revision: number) =>
    Promise.all(
      clientsOfAll(context).map(async (each) => {
        await etcd.range(each, { key: 'k0' })
        return etcd.hashKV(each, revision)
      }),
    )
  const before = await hashAt(first)
  const after = await hashAt(second)
  const distinct = (all: readonly etcd.KeyspaceHash[]) => new Set(all.map(({ hash }) => hash)).size
  await check.equal('hashes-agree', 'all members have the same hash at a revision', [1, 1], () => {
    return [distinct(before), distinct(after)]
  })
  await check.holds('hash-differs-by-revision', 'another revision has another hash', () => {
    const hash = before[0]?.hash
    return { held: hash !== after[0]?.hash, found: `${hash} for both` }
  })
  if (has('status-quota')) {
    await check.equal(
      'hash-names-its-revision',
      'a hash names the revision that was asked for',
      [...before.map(() => first), ...after.map(() => second)],
      () => [...before, ...after].map(({ hashRevision }) => hashRevision),
    )
    await expectNewestHash(context)
  }
  await check.rejected(
    'future-hash-rejected',
    'a hash of a future revision is rejected',
    'future revision',
    () => etcd.hashKV(client(1), second + 1_000_000),
  )
  await check.holds('whole-database-hashed', 'a member hashes its whole database', async () => {
    const hash = await etcd.hash(client(2))
    return { held: hash > 0, found: hash }
  })
}

/** What `etcdctl endpoint hashkv` asks for. */
async function expectNewestHash(context: TopicContext): Promise<void> {
  const clients = clientsOfAll(context)
  await context.check.equalEach(
    'newest-hash-covers-latest-write',
    'a hash without a revision covers the write that its member acknowledged before',
    clients.length,
    async (turn) => {
      const client = clients[turn] as etcd.MemberClient
      const { revision } = await etcd.put(client, { key: `${context.prefix}newest`, value: 'v' })
      const { hash, hashRevision } = await etcd.hashKV(client)
      const same = await etcd.hashKV(client, hashRevision)
      return {
        what: `the hash of ${hashRevision} after the write at ${revision}`,
        found: [hashRevision >= revision, hash],
        expected: [true, same.hash],
      }
    },
  )
}
