import { type Drill, etcd, type Member, type Scenario, workloads } from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { expectExit } from '../shared/member-exit.ts'
import { joinWithEmptyDisk, removeFromMemberList, untilHealthy } from '../shared/membership.ts'

const panicExpected = 'the scenario expects the rolled back member to panic'

export const rollback: readonly Scenario[] = [
  {
    id: 'snapshot-restore/rolled-back-member-ends',
    title: 'A member rolled back to an old copy of its data exits',
    depth: 'full',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    skippedCheckers: { logs: panicExpected },
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      const member = await oneFollower(drill)
      drill.window('data-rolled-back', 'damages', [member])
      await backUpData(drill, member)
      await drill.hold(sinceBackupMs)
      await expectExit(drill, {
        id: 'rolled-back-member-exits',
        sentence: `${member.name}, which lost entries that it had acknowledged, to exit and to say so`,
        member,
        start: () => rollBack(drill, member),
        logs: /tocommit\(\d+\) is out of range/,
      })
      await removeFromMemberList(drill, { through: leader, name: member.name })
      await joinWithEmptyDisk(drill, leader, member)
    },
  },
  {
    id: 'snapshot-restore/rolled-back-unnoticed',
    title: 'A member rolled back to old data catches up after a change of leader',
    depth: 'full',
    minMembers: 3,
    workload: workloads.steady,
    faults: [],
    act: async (drill) => {
      const leader = await drill.cluster.leader()
      const [member, next] = (await drill.cluster.followers()) as [Member, Member]
      drill.window('data-rolled-back', 'damages', [member])
      await backUpData(drill, member)
      await drill.hold(sinceBackupMs)
      await member.stop()
      const { memberId } = await etcd.status(drill.client(next))
      await etcd.moveLeader(drill.client(leader), memberId, { timeoutMs: 10_000 })
      await rollBack(drill, member)
      await untilHealthy(drill, member)
      const now = await drill.cluster.leader()
      drill.expect(
        'leader-changed',
        'leadership moved before the rolled back member returned',
        now.name === next.name,
        now.name,
      )
    },
  },
]

/** Long enough for entries that the member acknowledges and its copy lacks. */
const sinceBackupMs = 2_000

/** Stops a member, copies its data directory to another volume and starts it again. */
async function backUpData(drill: Drill, member: Member): Promise<void> {
  await member.stop()
  await member.recreate({
    prepare: async (run) => {
      const copy = ['cp', '-a', member.dataDirectory, '/from/']
      await run(copy, { toolbox: true, dataOf: backupOf(member) })
    },
  })
  drill.mark('note', `the data of ${member.name} was copied while it was stopped`, member)
  await untilHealthy(drill, member)
}

/** The volume of the copy, which no member uses. */
const backupOf = (member: Member) => `${member.name}-backup`

/** Replaces the member's data by the old copy, as a disk's backup tool does. */
async function rollBack(drill: Drill, member: Member): Promise<void> {
  const { dataDirectory } = member
  drill.mark('note', `${member.name} is rolled back to the copy`, member)
  await member.recreate({
    prepare: async (run) => {
      await run(['rm', '-r', dataDirectory], { toolbox: true })
      const copy = ['cp', '-a', '/from/default.etcd', dataDirectory]
      await run(copy, { toolbox: true, dataOf: backupOf(member) })
    },
  })
}
