import { type Drill, type Member, type Scenario, workloads } from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { expectExit } from '../shared/member-exit.ts'
import {
  addToMemberList,
  joinWithEmptyDisk,
  removeFromMemberList,
  untilHealthy,
} from '../shared/membership.ts'

const exitExpected = 'the scenario expects a member to exit with a fatal line or a panic'

export const oldData: readonly Scenario[] = [
  {
    id: 'member-replacement/removed-member-returns',
    title: 'A removed member that returns with its old data exits, even after it is added again',
    depth: 'ci',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: exitExpected },
    act: async (drill) => {
      const member = await oneFollower(drill)
      const through = await drill.cluster.leader()
      drill.window('member-removed', 'removes', [member])
      await removeFromMemberList(drill, { through, name: member.name })
      await member.stop()
      await expectStaleExit(drill, member, /permanently removed/, () => member.start())
      const { initialCluster } = await addToMemberList(drill, { through, name: member.name })
      const joining = { initialClusterState: 'existing', initialCluster } as const
      await expectStaleExit(drill, member, /permanently removed/, () => member.recreate(joining))
      await member.recreate({ ...joining, wipeData: true })
      await untilHealthy(drill, member)
    },
  },
  {
    id: 'member-replacement/wiped-member-returns',
    title: 'A member that lost its disk cannot rejoin under its old identity',
    depth: 'ci',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: exitExpected },
    act: async (drill) => {
      const member = await oneFollower(drill)
      const through = await drill.cluster.leader()
      drill.window('data-wiped', 'removes', [member])
      await expectStaleExit(drill, member, /already been bootstrapped/, () =>
        member.recreate({ wipeData: true, initialClusterState: 'new' }),
      )
      await expectStaleExit(drill, member, /tocommit\(\d+\) is out of range/, () =>
        member.recreate({ wipeData: true, initialClusterState: 'existing' }),
      )
      await removeFromMemberList(drill, { through, name: member.name })
      await joinWithEmptyDisk(drill, through, member)
    },
  },
]

function expectStaleExit(
  drill: Drill,
  member: Member,
  logs: RegExp,
  start: () => Promise<void>,
): Promise<void> {
  const sentence = `${member.name} to exit and to log "${logs.source}"`
  return expectExit(drill, { id: 'stale-member-exits-with-reason', sentence, member, logs, start })
}
