import {
  type ClusterSpec,
  type Drill,
  done,
  faults,
  type Member,
  notYet,
  type Objective,
  poll,
  type Scenario,
  workloads,
} from '../../harness/index.ts'

/** How long a fault stays in force: several election timeouts, so that its effect is seen whole. */
const faultMs = 3_000

export const scenarios: readonly Scenario[] = [
  {
    id: 'quorum-loss/follower-killed',
    title: 'A killed follower takes nothing from clients of the other members',
    depth: 'quick',
    workload: workloads.steady,
    faults: [faults.kill],
    objectives: withinOneElectionTimeout,
    act: async (drill) => {
      const [follower] = await drill.cluster.followers()
      const killed = await drill.inject(faults.kill, [present(follower)])
      await drill.dwell(faultMs)
      await killed.undo()
    },
  },
  {
    id: 'quorum-loss/leader-killed',
    title: 'A killed leader is replaced and no acknowledged write is lost',
    depth: 'quick',
    workload: workloads.steady,
    faults: [faults.kill],
    objectives: withinOneElection,
    act: async (drill) => {
      const killed = await drill.inject(faults.kill, [await drill.cluster.leader()])
      await drill.untilServing()
      await drill.dwell(faultMs)
      await killed.undo()
    },
  },
  {
    id: 'quorum-loss/majority-killed',
    title: 'A minority refuses to write or to answer for the cluster until the majority is back',
    depth: 'quick',
    workload: workloads.steady,
    faults: [faults.kill],
    objectives: (spec) => [
      { measure: 'recoveryMs', atMost: 5 * spec.electionTimeoutMs + memberStartMs },
    ],
    act: loseMajority,
  },
  {
    id: 'quorum-loss/leader-isolated',
    title: 'A leader cut off from the others serves no write and no linearizable read',
    depth: 'quick',
    workload: workloads.steady,
    faults: [faults.isolate],
    objectives: withinOneElection,
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      const isolated = await drill.inject(faults.isolate, [leader])
      await drill.untilServing()
      await expectMinorityRefuses(drill, leader)
      await drill.dwell(faultMs)
      await isolated.undo()
    },
  },
]

/** A member that was killed replays its log and rejoins before it votes. */
const memberStartMs = 5_000

async function loseMajority(drill: Drill): Promise<void> {
  const leader = await drill.cluster.leader()
  const [survivor, other] = await drill.cluster.followers()
  const killed = await drill.inject(faults.kill, [leader, present(other)])
  await expectMinorityRefuses(drill, present(survivor))
  await untilUnhealthy(present(survivor), drill.cluster.spec)
  await drill.dwell(faultMs)
  const undoneNs = drill.nowNs()
  await killed.undo()
  await drill.untilServing()
  drill.measure('recoveryMs', (drill.nowNs() - undoneNs) / 1e6)
}

/** No quorum: nothing that needs one may be answered; what a serializable read needs is local. */
async function expectMinorityRefuses(drill: Drill, member: Member): Promise<void> {
  const write = await drill.attempt(member, { kind: 'put', key: 'k0', value: 'minority' })
  drill.expect('a member without quorum acknowledges no write', write.type !== 'ok', write.type)
  const read = await drill.attempt(member, { kind: 'get', key: 'k0' })
  drill.expect(
    'a member without quorum answers no linearizable read',
    read.type !== 'ok',
    read.type,
  )
  const local = await drill.attempt(member, { kind: 'serializable-get', key: 'k0' })
  drill.expect(
    'a member without quorum answers serializable reads',
    local.type === 'ok',
    local.error,
  )
}

async function untilUnhealthy(member: Member, spec: ClusterSpec): Promise<void> {
  await poll(async () => ((await member.isHealthy()) ? notYet('healthy') : done(undefined)), {
    what: `/health of ${member.name} to say that there is no leader`,
    deadlineMs: 10 * spec.electionTimeoutMs,
  })
}

/** Detection takes up to two election timeouts, the vote and the clients' way there the rest. */
function withinOneElection(spec: ClusterSpec): Objective[] {
  const atMost = 3 * spec.electionTimeoutMs + 1_000
  return [
    { measure: 'writeOutageMs', atMost },
    { measure: 'readOutageMs', atMost },
  ]
}

/** Nobody has to be elected: the others must go on as if nothing had happened. */
function withinOneElectionTimeout(spec: ClusterSpec): Objective[] {
  const atMost = spec.electionTimeoutMs
  return [
    { measure: 'writeOutageMs', atMost },
    { measure: 'readOutageMs', atMost },
  ]
}

function present(member: Member | undefined): Member {
  if (member === undefined) throw new Error('Expected a member, got none')
  return member
}
