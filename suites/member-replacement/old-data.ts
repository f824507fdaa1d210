import { type Drill, type Member, type Scenario, workloads } from '../../harness/index.ts'
import { formatExit, startUntilExit } from '../shared/member-exit.ts'
import {
  addToMemberList,
  joinEmptied,
  removeFromMemberList,
  untilHealthy,
} from '../shared/membership.ts'

const meant = 'a member is meant to end with a fatal line or a panic: it says why in its log'

export const oldData: readonly Scenario[] = [
  {
    id: 'member-replacement/removed-member-returns',
    title: 'A removed member that returns with its old data exits, even after it is added again',
    depth: 'ci',
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: meant },
    act: async (drill) => {
      const [member] = (await drill.cluster.followers()) as [Member]
      const through = await drill.cluster.leader()
      await removeFromMemberList(drill, { through, name: member.name })
      await member.stop()
      await expectEnds(drill, member, /permanently removed/, () => member.start())
      const { initialCluster } = await addToMemberList(drill, { through, name: member.name })
      const joining = { initialClusterState: 'existing', initialCluster } as const
      await expectEnds(drill, member, /permanently removed/, () => member.recreate(joining))
      await member.recreate({ ...joining, wipeData: true })
      await untilHealthy(member)
    },
  },
  {
    id: 'member-replacement/wiped-member-returns',
    title: 'A member that lost its disk cannot rejoin under its old identity',
    depth: 'ci',
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: meant },
    act: async (drill) => {
      const [member] = (await drill.cluster.followers()) as [Member]
      const through = await drill.cluster.leader()
      await expectEnds(drill, member, /already been bootstrapped/, () =>
        member.recreate({ wipeData: true, initialClusterState: 'new' }),
      )
      await expectEnds(drill, member, /tocommit\(\d+\) is out of range/, () =>
        member.recreate({ wipeData: true, initialClusterState: 'existing' }),
      )
      await removeFromMemberList(drill, { through, name: member.name })
      await joinEmptied(drill, through, member)
    },
  },
]

async function expectEnds(
  drill: Drill,
  member: Member,
  saying: RegExp,
  start: () => Promise<void>,
): Promise<void> {
  const exit = await startUntilExit(member, start)
  drill.mark('note', `${member.name} started and ${exit.exited ? 'exited' : 'runs'}`, member)
  drill.expect(
    'stale-member-exits-with-reason',
    `${member.name} exits and logs "${saying.source}"`,
    exit.exited && saying.test(exit.log),
    formatExit(exit),
  )
}
