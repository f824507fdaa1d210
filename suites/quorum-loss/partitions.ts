import {
  type ClusterSpec,
  type Drill,
  type Fault,
  faults,
  fiveMembers,
  inVariants,
  type Member,
  resizeCluster,
  type Scenario,
  withoutTls,
  workloads,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { othersWithinOneElection } from '../shared/objectives.ts'
import {
  expectMinorityRejects,
  faultMs,
  measureRecovery,
  sparseWorkload,
  untilSteppedDown,
  untilUnhealthy,
} from './expectations.ts'
import { recoversByElection } from './objectives.ts'

const isolation = {
  workload: workloads.steady,
  objectives: othersWithinOneElection,
} as const satisfies Partial<Scenario>

export const partitions: readonly Scenario[] = [
  ...inVariants(
    {
      ...isolation,
      id: 'quorum-loss/leader-isolated',
      title: 'An isolated leader serves no write and no linearizable read',
      depth: 'quick',
      minMembers: 3,
      faults: [faults.isolate],
      act: (drill) => isolateLeader(drill, faults.isolate),
    },
    [fiveMembers, withoutTls],
  ),
  {
    ...isolation,
    id: 'quorum-loss/leader-drop-outgoing',
    formerIds: ['quorum-loss/leader-unheard'],
    title: 'The other members replace a leader whose outgoing packets are dropped',
    depth: 'full',
    minMembers: 3,
    faults: [faults.dropOutgoing],
    act: (drill) => isolateLeader(drill, faults.dropOutgoing),
  },
  {
    ...isolation,
    id: 'quorum-loss/leader-drop-incoming',
    formerIds: ['quorum-loss/leader-deaf'],
    title: 'The other members replace a leader whose incoming packets are dropped',
    depth: 'full',
    minMembers: 3,
    faults: [faults.dropIncoming],
    act: (drill) => isolateLeader(drill, faults.dropIncoming),
  },
  {
    ...isolation,
    id: 'quorum-loss/leader-in-minority',
    title: 'A leader with one follower of five serves nothing while the other three serve',
    depth: 'ci',
    adjustSpec: fiveMembers.adjustSpec,
    faults: [faults.isolate],
    act: async (drill) => {
      const follower = await oneFollower(drill)
      await isolateLeader(drill, faults.isolate, [follower])
    },
  },
  {
    id: 'quorum-loss/split-two-two',
    title: 'Neither half of four members serves during an even split',
    depth: 'ci',
    workload: sparseWorkload,
    adjustSpec: fourMembers,
    faults: [faults.isolate],
    objectives: recoversByElection,
    act: async (drill) => {
      const { members } = drill.cluster
      const split = await drill.inject(faults.isolate, members.slice(0, 2))
      await expectNoMemberServes(drill, members)
      await measureRecovery(drill, split)
    },
  },
  ...inVariants(
    {
      id: 'quorum-loss/total-isolation',
      title: 'Fully isolated members reject requests until the heal',
      depth: 'full',
      workload: sparseWorkload,
      faults: [faults.isolate],
      objectives: recoversByElection,
      act: async (drill) => {
        const { members } = drill.cluster
        const isolated = await drill.inject(faults.isolate, members)
        await expectNoMemberServes(drill, members)
        await measureRecovery(drill, isolated)
      },
    },
    [fiveMembers],
  ),
]

/** The others elect a leader and serve; the old leader and the followers on its side reject. */
async function isolateLeader(
  drill: Drill,
  fault: Fault,
  followers: readonly Member[] = [],
): Promise<void> {
  const leader = await drill.cluster.leader()
  const isolated = await drill.inject(fault, [leader, ...followers])
  await drill.untilServing()
  for (const member of [leader, ...followers]) await expectMinorityRejects(drill, member)
  await untilSteppedDown(drill, leader)
  await drill.hold(faultMs(drill))
  await isolated.undo()
}

async function expectNoMemberServes(drill: Drill, members: readonly Member[]): Promise<void> {
  await Promise.all(members.map((member) => expectMinorityRejects(drill, member)))
  await Promise.all(members.map((member) => untilUnhealthy(drill, member)))
}

/** An even number of members has no majority in an even split. */
function fourMembers(spec: ClusterSpec): ClusterSpec {
  return resizeCluster(spec, 4)
}
