import {
  type ClusterSpec,
  done,
  etcd,
  faults,
  featuresOf,
  notYet,
  poll,
  type Scenario,
  timing,
  withOptionsForVersion,
} from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { oneFollower } from '../../shared/by-role.ts'
import { conformance, type TopicContext } from '../topic.ts'

/** After this time a leader first sends the others a checkpoint of a lease (lessor.go). */
const checkpointIntervalS = 300
const minutesS = 60

export const leaseLeaders: Scenario = conformance({
  name: 'leases-across-leaders',
  title: 'A lease outlives its leader with its keys and its whole time to live',
  behindDoors: checksAskMembers,
  faults: [faults.moveLeader],
  notApplicable: needsFollowers,
  adjustSpec: withCheckpoints,
  parts: [outliveLeader],
})

export const leaseCheckpoint: Scenario = conformance({
  name: 'lease-checkpoint',
  title: 'A checkpointed lease keeps its remaining time when the leader changes',
  behindDoors: checksAskMembers,
  depth: 'full',
  lengthMs: (checkpointIntervalS + 30) * 1_000,
  faults: [faults.moveLeader],
  notApplicable: (spec) =>
    featuresOf(spec.version).has('lease-checkpoint-flag')
      ? needsFollowers(spec)
      : `etcd ${spec.version} has no lease checkpoints: 3.4 and later do`,
  adjustSpec: withCheckpoints,
  parts: [outliveLeaderByCheckpoint],
})

function needsFollowers({ members }: ClusterSpec): string | undefined {
  return members.length < 3 ? 'leadership moves among three members or more' : undefined
}

/** Sets the flag where there is one: it must change nothing in the first minutes of a lease. */
function withCheckpoints(spec: ClusterSpec): ClusterSpec {
  if (!featuresOf(spec.version).has('lease-checkpoint-flag')) return spec
  return withOptionsForVersion(spec, { LeaseCheckpoint: 'true' })
}

/** Long enough to live through the change of leader, and as short as the timers of the cluster allow. */
const longSOf = (spec: ClusterSpec) => Math.max(60, 4 * timing.leastLeaseS(spec))
const shortSOf = (spec: ClusterSpec) => Math.max(5, timing.leastLeaseS(spec))

async function outliveLeader(context: TopicContext): Promise<void> {
  const { check, client, drill, prefix } = context
  const longS = longSOf(drill.cluster.spec)
  const [kept, left] = [`${prefix}kept`, `${prefix}left`]
  const { id } = await etcd.leaseGrant(client(0), { ttlS: longS })
  const { id: ending } = await etcd.leaseGrant(client(1), { ttlS: shortSOf(drill.cluster.spec) })
  await etcd.put(client(0), { key: kept, value: 'v', lease: id })
  await etcd.put(client(1), { key: left, value: 'v', lease: ending })
  await check.becomes(
    'lease-time-runs-down',
    'a lease’s time to live runs down under the first leader',
    async () => {
      const { ttlS } = await etcd.leaseTimeToLive(client(0), id)
      return ttlS <= longS - 2 ? done(ttlS) : notYet(`${ttlS} s`)
    },
  )
  const movedMs = performance.now()
  const leader = await moveLeader(context)
  // A leader that was elected a moment ago may still answer as the one before.
  await check.becomes(
    'next-leader-answers-for-lease',
    'the next leader answers how long a lease has to live',
    async () => done((await etcd.leaseTimeToLive(leader, id)).ttlS),
  )
  await check.holds(
    'next-leader-renews-lease',
    'the next leader gives a lease its whole time again',
    async () => {
      const { ttlS, grantedTtlS } = await etcd.leaseTimeToLive(leader, id)
      const passedS = (performance.now() - movedMs) / 1_000
      const held = ttlS >= longS - 1 - passedS && grantedTtlS === longS
      return { held, found: `${ttlS} s of ${grantedTtlS}, ${passedS} s after the change` }
    },
  )
  for (const index of [0, 1, 2]) {
    await check.equal(
      'lease-renewable-through-every-member',
      `a lease is renewed through member ${index + 1}`,
      longS,
      async () => {
        return (await etcd.leaseKeepAliveOnce(client(index), id)).ttlS
      },
    )
  }
  await expectExpiry(context, left, movedMs)
  await check.equal(
    'expiry-takes-only-own-keys',
    'an expired lease deletes no key of another lease',
    1,
    async () => {
      return (await etcd.range(client(1), { key: kept })).count
    },
  )
  await etcd.leaseRevoke(client(0), id)
}

async function expectExpiry(
  { check, client, drill }: TopicContext,
  key: string,
  movedMs: number,
): Promise<void> {
  const shortS = shortSOf(drill.cluster.spec)
  const isGone = async () => (await etcd.range(client(2), { key })).count === 0
  if (await isGone())
    return drill.markInconclusive('the short lease had ended before it was looked for')
  const expiring = poll(
    async () => ((await isGone()) ? done(performance.now() - movedMs) : notYet('its key is there')),
    { what: 'the short lease to end', deadlineMs: drill.deadlines.leaseMs(shortS) },
  )
  await check.holds(
    'unrenewed-lease-expires-after-change',
    'an unrenewed lease expires one time to live after the change of leader',
    async () => {
      const goneMs = await expiring
      return { held: goneMs >= (shortS - 1) * 1_000, found: `${goneMs} ms after the change` }
    },
  )
}

async function outliveLeaderByCheckpoint(context: TopicContext): Promise<void> {
  const { check, client, drill } = context
  const granted = checkpointIntervalS + 5 * minutesS
  const { id } = await etcd.leaseGrant(client(0), { ttlS: granted })
  await drill.hold((checkpointIntervalS + 15) * 1_000)
  const leader = await moveLeader(context)
  await check.holds(
    'checkpoint-survives-change',
    'a checkpointed time to live survives a change of leader',
    async () => {
      const { ttlS } = await etcd.leaseTimeToLive(leader, id)
      const held = ttlS > 0 && ttlS <= granted - checkpointIntervalS + minutesS / 2
      return { held, found: `${ttlS} s of ${granted}` }
    },
  )
}

/** Moves leadership to a follower; resolves to the client of the new leader. */
async function moveLeader({ drill, check, of }: TopicContext): Promise<etcd.MemberClient> {
  const follower = await oneFollower(drill)
  const moved = await drill.inject(faults.moveLeader, [follower])
  const leader = await drill.cluster.leader()
  await check.equal(
    'leadership-moved',
    'leadership moves to the named follower',
    follower.name,
    () => leader.name,
  )
  await drill.untilServing()
  await moved.undo()
  return of(leader)
}
