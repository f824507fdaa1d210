import {
  type Drill,
  faults,
  fiveMembers,
  inVariants,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { leaderLast, oneFollower } from '../shared/by-role.ts'
import { withinOneElection } from '../shared/objectives.ts'
import { restartUntilHealthy } from '../shared/restart.ts'
import { faultMs } from './expectations.ts'
import { withinOneTransfer } from './objectives.ts'

export const handover: readonly Scenario[] = [
  {
    id: 'quorum-loss/leader-moved',
    title: 'Moving leadership causes no longer outage than one vote',
    depth: 'full',
    minMembers: 3,
    workload: workloads.steady,
    faults: [faults.moveLeader],
    objectives: withinOneTransfer,
    act: async (drill) => {
      const before = await drill.cluster.leader()
      const follower = await oneFollower(drill)
      const moved = await drill.inject(faults.moveLeader, [follower])
      const after = await drill.cluster.leader()
      drill.expect(
        'leadership-moves-to-target',
        'leadership moves to the named follower',
        after.name === follower.name && after.name !== before.name,
        after.name,
      )
      await drill.hold(faultMs(drill))
      await moved.undo()
    },
  },
  ...inVariants(
    {
      id: 'quorum-loss/rolling-restart',
      title: 'A rolling restart, the leader last, causes no longer outage than one election',
      depth: 'ci',
      minMembers: 3,
      workload: workloads.steady,
      faults: [faults.restart],
      objectives: withinOneElection,
      act: rollingRestart,
    },
    [fiveMembers],
  ),
]

async function rollingRestart(drill: Drill): Promise<void> {
  for (const member of await leaderLast(drill)) await restartUntilHealthy(drill, member)
}
