import { createHash } from 'node:crypto'
import { type ClusterSpec, done, etcd, notYet } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { readMetric } from '../../shared/member-metric.ts'
import { catchUp, conformance, repeat, type TopicContext } from '../topic.ts'
import { clientsOfAll, statuses, termsOf } from './statuses.ts'

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

async function leaderMove({ check, client, of, drill, has }: TopicContext): Promise<void> {
  const leader = of(await drill.cluster.leader())
  const [target, asked] = (await drill.cluster.followers()).map(of)
  if (target === undefined || asked === undefined) throw new RangeError('Expected two followers')
  const { memberId, term } = await etcd.status(target)
  await check.rejected(
    'follower-cannot-move-leader',
    'a follower rejects a request to move leadership',
    'not leader',
    () => etcd.moveLeader(asked, memberId),
  )
  if (has('transferee-checked')) {
    await check.rejected(
      'leadership-moves-to-members-only',
      'leadership cannot move to an unknown member',
      'bad leader transferee',
      () => etcd.moveLeader(leader, '12345'),
    )
  }
  await etcd.moveLeader(leader, memberId, { timeoutMs: 10_000 })
  // A status has the term of the last applied entry, which follows the new leader a moment later.
  await check.becomes(
    'leadership-moves-to-target',
    'leadership moves to the named member in a later term',
    async () => {
      const now = await etcd.status(target)
      const hasMoved = now.leaderId === memberId && now.term > term
      return hasMoved ? done(now) : notYet(`leader ${now.leaderId} in term ${now.term}`)
    },
  )
  await check.becomes(
    'moved-leader-leads-everywhere',
    'every member names the new leader, and its metrics say that it leads',
    async () => {
      const all = await Promise.all(drill.cluster.members.map((each) => etcd.status(of(each))))
      const leads = await readMetric(drill.cluster.member(target.member), 'etcd_server_is_leader')
      const named = all.map(({ leaderId }) => leaderId)
      const isAgreed = leads === 1 && named.every((id) => id === memberId)
      return isAgreed ? done(named) : notYet(`leaders ${named.join(', ')}, metric ${leads}`)
    },
  )
  await check.becomes(
    'answers-name-new-term',
    'every member answers in the term of the new leader',
    async () => {
      const all = await Promise.all(drill.cluster.members.map((each) => etcd.status(of(each))))
      const isNew = all.every(({ headerTerm }) => headerTerm > term)
      return isNew ? done(all) : notYet(JSON.stringify(all.map(termsOf)))
    },
  )
  await drill.untilServing()
  // 3.3 does not repeat a read that was pending when leadership moved, which takes seconds.
  await check.becomes(
    'reads-continue-after-move',
    'reads continue after leadership moves',
    async () => done(await etcd.range(client(0), { key: 'k0', countOnly: true })),
    30_000,
  )
}

async function alarms(context: TopicContext): Promise<void> {
  const { check, client, drill, prefix, has } = context
  const listed = () => Promise.all(clientsOfAll(context).map((each) => etcd.alarms(each)))
  const none = clientsOfAll(context).map(() => [])
  await check.equal('no-alarm-at-first', 'no member lists an alarm at first', none, listed)
  const { memberId } = await etcd.status(client(1))
  const alarm = { memberId, type: 'NOSPACE' } as const
  const raised = drill.window('alarm-raised', 'changes', drill.cluster.members)
  await etcd.raiseAlarm(client(0), alarm)
  try {
    await settle(context)
    await check.equal(
      'alarm-listed-everywhere',
      'every member lists a raised alarm with its member',
      none.map(() => [alarm]),
      listed,
    )
    if (has('status-details')) {
      await check.equal(
        'status-reports-alarm',
        'the status of every member reports a raised alarm',
        none.map(() => true),
        async () => {
          const all = await Promise.all(clientsOfAll(context).map((each) => etcd.status(each)))
          return all.map(({ errors }) => errors.some((error) => error.includes(alarm.type)))
        },
      )
    }
    await check.rejected(
      'alarm-rejects-puts',
      'puts are rejected while the alarm is on',
      'database space exceeded',
      () => etcd.put(client(2), { key: `${prefix}rejected`, value: 'v' }),
    )
  } finally {
    await etcd.disarm(client(2), alarm)
  }
  await settle(context)
  await raised.undo()
  await check.equal('disarmed-alarm-not-listed', 'no member lists a disarmed alarm', none, listed)
  await check.holds(
    'disarmed-cluster-takes-puts',
    'puts are accepted after the alarm is disarmed',
    async () => {
      const { revision } = await etcd.put(client(1), { key: `${prefix}taken`, value: 'v' })
      return { held: revision > 0, found: revision }
    },
  )
}

/** After a linearizable read a member has applied everything committed before. */
async function settle(context: TopicContext): Promise<void> {
  for (const client of clientsOfAll(context)) await etcd.range(client, { key: 'k0' })
}

/** As often as the repeated parts look at an answer. */
const snapshotTurns = 60

async function snapshotIsWhole({ check, client }: TopicContext): Promise<void> {
  const whole = await download(client(1))
  const database = whole.subarray(0, -32)
  const sum = createHash('sha256').update(database).digest('hex')
  await check.equal(
    'snapshot-ends-with-hash',
    'a snapshot ends with the SHA-256 of its database',
    sum,
    () => whole.subarray(-32).toString('hex'),
  )
  await check.equal(
    'snapshot-is-bolt-database',
    'a snapshot is whole pages of a bolt database',
    [0, 0xed0cdaed],
    () => {
      // A bolt page starts with a header of 16 bytes; in the first page the magic number follows.
      return [database.length % 4_096, database.readUInt32LE(16)]
    },
  )
}

async function latestInSnapshots({ check, client, prefix }: TopicContext): Promise<void> {
  await check.equalEach(
    'snapshot-holds-latest-write',
    'a snapshot holds the write that its member last applied',
    snapshotTurns,
    async (turn) => {
      // A database keeps what was written before, so that each value must be new to the cluster.
      const { revision } = await etcd.range(client(turn), { key: 'k0', countOnly: true })
      const value = `${prefix}latest after ${revision}.`
      await etcd.put(client(turn), { key: `${prefix}latest`, value })
      const through = client(turn + 1)
      await catchUp(through)
      const content = await download(through)
      return { what: `write ${turn}`, found: content.includes(value), expected: true }
    },
  )
}

/** The database file as the member streams it, with its hash. */
async function download(client: etcd.MemberClient): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of etcd.snapshot(client)) pieces.push(piece)
  return Buffer.concat(pieces)
}
