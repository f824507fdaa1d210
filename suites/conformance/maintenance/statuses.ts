import { clientUrl, done, etcd, featuresOf, notYet, peerUrl } from '../../../harness/index.ts'
import { quotaInStatus } from '../../shared/etcd/limits.ts'
import { readMetric } from '../../shared/member-metric.ts'
import type { TopicContext } from '../topic.ts'

export const clientsOfAll = ({ drill, client }: TopicContext) =>
  drill.cluster.members.map((_, index) => client(index))

/** What every member reports of itself, and of the others. */
export async function statuses(context: TopicContext): Promise<void> {
  const { check, drill, has } = context
  const { version, members } = drill.cluster.spec
  const all = await Promise.all(clientsOfAll(context).map((client) => etcd.status(client)))
  await check.equal(
    'version-under-test-runs',
    'every member runs the version under test',
    members.map(() => version),
    () => all.map((status) => status.version),
  )
  await check.equal(
    'members-agree-on-leader',
    'all members name one leader, one term and one cluster',
    [1, 1, 1],
    () => {
      const distinct = (of: (status: etcd.Status) => unknown) => new Set(all.map(of)).size
      return [
        distinct(({ leaderId }) => leaderId),
        distinct(({ term }) => term),
        distinct(({ clusterId }) => clusterId),
      ]
    },
  )
  const own = members.map(({ name }, index) => `${name} is ${all[index]?.memberId}`).sort()
  await check.equal(
    'member-list-has-own-ids',
    'the list of every member has every member under its own id',
    members.map(() => own),
    async () => {
      const lists = await Promise.all(clientsOfAll(context).map((each) => etcd.memberList(each)))
      return lists.map((listed) => listed.map(({ name, id }) => `${name} is ${id}`).sort())
    },
  )
  await check.equal(
    'member-list-has-own-urls',
    'the list of members has each at its own addresses, as a voter',
    ownAddresses(drill.cluster),
    async () => {
      const listed = await etcd.memberList(context.client(1))
      return listed
        .map(({ name, peerUrls, clientUrls, learner }) => {
          const role = learner ? ' as a learner' : ''
          return `${name} at ${peerUrls.join()}, ${clientUrls.join()}${role}`
        })
        .sort()
    },
  )
  await check.holds('leader-is-member', 'the leader is one of the members', () => {
    const leaderId = all[0]?.leaderId
    const held = all.some(({ memberId }) => memberId === leaderId)
    return { held, found: `leader ${leaderId} of ${own.join(', ')}` }
  })
  await check.equal(
    'no-learner-no-errors',
    'no member is a learner or reports errors',
    [false, 0],
    () => {
      return [all.some(({ learner }) => learner), all.flatMap(({ errors }) => errors).length]
    },
  )
  await check.holds(
    'status-has-size-and-index',
    'every member reports a database size and a plausible raft index',
    () => {
      const isSized = all.every(({ dbSizeBytes, raftIndex }) => dbSizeBytes > 0 && raftIndex > 0)
      const applied = all.every(({ raftAppliedIndex: at, raftIndex }) => at > 0 && at <= raftIndex)
      return { held: isSized && (applied || !has('status-details')), found: all }
    },
  )
  if (has('status-details')) await sizesAreMetrics(context)
  if (has('status-quota')) await sizesAndVersions(context, all)
  await statusFollows(context, all)
}

/** Each member with its own addresses, in the order of their names. */
export function ownAddresses({
  spec,
  members,
}: Pick<TopicContext['drill']['cluster'], 'spec' | 'members'>) {
  return members
    .map(({ name, address }) => `${name} at ${peerUrl(spec, address)}, ${clientUrl(spec, address)}`)
    .sort()
}

/** A second witness of the size, which grows now and then; what is in use changes with every commit. */
async function sizesAreMetrics({ check, client, drill }: TopicContext): Promise<void> {
  for (const [index, member] of drill.cluster.members.entries()) {
    await check.becomes(
      'status-size-is-metric',
      `the status of ${member.name} has the database size that its metrics have, and no more in use`,
      async () => {
        const measured = await readMetric(member, 'etcd_mvcc_db_total_size_in_bytes')
        const { dbSizeBytes, dbSizeInUseBytes } = await etcd.status(client(index))
        const isSame = dbSizeBytes === measured && dbSizeInUseBytes <= dbSizeBytes
        const found = `${dbSizeBytes} bytes, ${dbSizeInUseBytes} in use, its metric ${measured}`
        return isSame ? done(found) : notYet(found)
      },
    )
  }
}

/** What 3.6 added. */
async function sizesAndVersions(context: TopicContext, all: readonly etcd.Status[]): Promise<void> {
  const { check, drill } = context
  const { spec } = drill.cluster
  await check.equal(
    'status-has-quota',
    'every member reports the quota that it was started with',
    spec.members.map(({ name }) => quotaInStatus(spec, name)),
    () => all.map(({ quotaBytes }) => quotaBytes),
  )
  await check.equal(
    'no-downgrade-without-request',
    'no member reports a downgrade that no client requested',
    spec.members.map(() => undefined),
    () => all.map(({ downgradeTo }) => downgradeTo),
  )
  const storage = `${featuresOf(spec.version).series}.0`
  // The leader sets the cluster's version some seconds after the start, and each member then its own.
  await check.becomes(
    'storage-version-is-own',
    'every member reports the storage version of the version under test',
    async () => {
      const found: string[] = []
      for (const client of clientsOfAll(context)) {
        found.push((await etcd.status(client)).storageVersion)
      }
      return found.every((each) => each === storage) ? done(found) : notYet(found.join())
    },
    30_000,
  )
}

/** What a status says of raft moves on with the writes that its member acknowledges. */
async function statusFollows(context: TopicContext, before: readonly etcd.Status[]): Promise<void> {
  const { check, prefix, has } = context
  const clients = clientsOfAll(context)
  for (const client of clients) await etcd.put(client, { key: `${prefix}status`, value: 'v' })
  const statusesNow = () => Promise.all(clients.map((client) => etcd.status(client)))
  // The waiting client hears of its entry a moment before the status has it as applied.
  await check.becomes(
    'status-index-follows-writes',
    'the raft index of every member grows with a write',
    async () => {
      const now = await statusesNow()
      const hasGrown = now.every(({ raftIndex, raftAppliedIndex }, at) => {
        const { raftIndex: index = 0, raftAppliedIndex: applied = 0 } = before[at] ?? {}
        return raftIndex > index && (raftAppliedIndex > applied || !has('status-details'))
      })
      return hasGrown ? done(now) : notYet(JSON.stringify([before, now].map(indexesOf)))
    },
  )
  await check.holds(
    'status-has-present-revision',
    'the status of every member has the revision of a write that it acknowledged, or a later one',
    async () => {
      const acknowledged: number[] = []
      for (const client of clients) {
        const { revision } = await etcd.put(client, { key: `${prefix}status`, value: 'v' })
        acknowledged.push(revision)
      }
      const found = (await statusesNow()).map(({ revision }) => revision)
      const { revision: present } = await etcd.range(context.client(0), { key: 'k0' })
      const held = found.every((own, at) => own >= (acknowledged[at] ?? 0) && own <= present)
      return { held, found: `${found.join()} after ${acknowledged.join()}, before ${present}` }
    },
  )
  await check.becomes(
    'status-has-term-of-answer',
    'every member answers in the term that its status has',
    async () => {
      const now = await statusesNow()
      const agree = now.every(({ term, headerTerm }) => term === headerTerm)
      return agree ? done(now) : notYet(JSON.stringify(now.map(termsOf)))
    },
  )
}

const indexesOf = (all: readonly etcd.Status[]) =>
  all.map(({ raftIndex, raftAppliedIndex }) => [raftIndex, raftAppliedIndex])
export const termsOf = ({ term, headerTerm }: etcd.Status) => [term, headerTerm]
