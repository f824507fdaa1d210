import {
  type Drill,
  done,
  faults,
  featuresOf,
  fiveMembers,
  inVariants,
  type Member,
  notYet,
  type Scenario,
  withAuth,
  withoutTls,
  workloads,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { othersWithinOneElection, takesNothing } from '../shared/objectives.ts'
import {
  expectMinorityRejects,
  expectOwnRefusal,
  faultMs,
  givenUpMs,
  measureRecovery,
  sparseWorkload,
  untilUnhealthy,
} from './expectations.ts'
import { membersServeAgain, recoversByRestart } from './objectives.ts'

const leaderKilled: Scenario = {
  id: 'quorum-loss/leader-killed',
  title: 'Killing the leader costs one election and loses no acknowledged write',
  depth: 'quick',
  minMembers: 3,
  workload: workloads.steady,
  faults: [faults.kill],
  objectives: (spec) => [...othersWithinOneElection(spec), ...membersServeAgain(spec)],
  act: async (drill) => {
    const kill = await drill.inject(faults.kill, [await drill.cluster.leader()])
    await drill.untilServing()
    await drill.hold(faultMs(drill))
    await kill.undo()
  },
}

export const kills: readonly Scenario[] = [
  ...inVariants(
    {
      id: 'quorum-loss/follower-killed',
      title: 'Killing a follower causes no outage at the other members',
      depth: 'quick',
      minMembers: 3,
      workload: workloads.steady,
      faults: [faults.kill],
      objectives: (spec) => [...takesNothing(spec), ...membersServeAgain(spec)],
      act: killFollower,
    },
    [fiveMembers, withoutTls],
  ),
  ...inVariants(leaderKilled, [fiveMembers, withoutTls]),
  ...inVariants(leaderKilled, [withAuth], 'ci').slice(1),
  ...inVariants(
    {
      id: 'quorum-loss/majority-killed',
      title: 'A minority rejects writes and linearizable reads until the majority returns',
      depth: 'quick',
      minMembers: 3,
      workload: sparseWorkload,
      faults: [faults.kill],
      objectives: recoversByRestart,
      act: killMajority,
    },
    [fiveMembers, withoutTls],
  ),
  ...inVariants(
    {
      id: 'quorum-loss/all-killed',
      title: 'Killing all members at once loses no acknowledged write',
      depth: 'ci',
      workload: sparseWorkload,
      faults: [faults.killAll],
      objectives: recoversByRestart,
      act: async (drill) => {
        const kill = await drill.inject(faults.killAll, drill.cluster.members)
        await drill.hold(faultMs(drill))
        await measureRecovery(drill, kill)
      },
    },
    [fiveMembers],
  ),
]

/** Without pre-vote a follower that returns late may depose the leader, which costs one vote. */
async function killFollower(drill: Drill): Promise<void> {
  const follower = await oneFollower(drill)
  const kill = await drill.inject(faults.kill, [follower])
  await drill.hold(faultMs(drill))
  await kill.undo()
}

/** Kills the leader with the majority, so that the survivors notice that they have none. */
async function killMajority(drill: Drill): Promise<void> {
  const { members } = drill.cluster
  const leader = await drill.cluster.leader()
  const followers = await drill.cluster.followers()
  const survivors = followers.slice(Math.ceil(members.length / 2) - 1)
  const targets = [leader, ...followers.filter((follower) => !survivors.includes(follower))]
  const kill = await drill.inject(faults.kill, targets)
  await Promise.all(survivors.map((survivor) => expectMinorityRejects(drill, survivor)))
  await Promise.all(survivors.map((survivor) => untilUnhealthy(drill, survivor)))
  await Promise.all([
    expectNotReady(drill, survivors),
    ...survivors.map((survivor) => expectOwnRefusal(drill, survivor)),
  ])
  await drill.hold(faultMs(drill))
  await measureRecovery(drill, kill)
}

/** Versions with a readiness endpoint report it there; older ones have `/health` alone. */
async function expectNotReady(drill: Drill, survivors: readonly Member[]): Promise<void> {
  const { spec } = drill.cluster
  const { has, health } = featuresOf(spec.version)
  if (!has('livez-readyz')) return
  // The probe reads linearizably, and answers when it gives up.
  const answeredMs = givenUpMs(drill)
  for (const { name, metricsEndpoint } of survivors) {
    await drill.becomes(
      'minority-is-not-ready',
      `${health.readiness} of ${name} without quorum to answer 503`,
      async () => {
        const signal = AbortSignal.timeout(answeredMs)
        const { status } = await fetch(`${metricsEndpoint}${health.readiness}`, { signal })
        return status === 503 ? done(undefined) : notYet(`${status}`)
      },
    )
  }
}
