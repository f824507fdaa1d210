import {
  type Drill,
  faults,
  inVariants,
  type Member,
  type Scenario,
  withoutTls,
} from '../../harness/index.ts'
import {
  expectCompactionAllowed,
  expectOtherRequestsAllowed,
  expectRejectionsUnknown,
  expectUnhealthyWhileNospace,
  expectWritesRejected,
  untilAlarm,
} from './nospace-expectations.ts'
import { withinOneRecovery } from './objectives.ts'
import { quotaFilled, quotaFilling, quotaScenario, withQuota } from './quota.ts'

export const nospaceAlarm: readonly Scenario[] = [
  ...inVariants(
    {
      ...quotaScenario,
      id: 'quota-alarms/filled',
      title: 'A full quota rejects writes and nothing else, and the cluster recovers from it',
      depth: 'quick',
      adjustSpec: withQuota(),
      faults: [quotaFilling],
      objectives: withinOneRecovery,
      act: async (drill) => {
        const leader = await drill.cluster.leader()
        const filled = await drill.inject(quotaFilled(drill, leader), drill.cluster.members)
        await expectAlarmOfMembers(drill)
        await expectWritesRejected(drill)
        await expectOtherRequestsAllowed(drill)
        await expectCompactionAllowed(drill)
        await expectUnhealthyWhileNospace(drill)
        await filled.undo()
        expectRejectionsUnknown(drill)
      },
    },
    [withoutTls],
  ),
  {
    ...quotaScenario,
    id: 'quota-alarms/survives-restart',
    title: 'The NOSPACE alarm survives a restart of every member',
    depth: 'full',
    adjustSpec: withQuota(),
    faults: [quotaFilling, faults.kill],
    objectives: withinOneRecovery,
    act: async (drill) => {
      const { cluster } = drill
      const filled = await drill.inject(quotaFilled(drill, await cluster.leader()), cluster.members)
      const [first] = cluster.members as [Member]
      const before = await untilAlarm(drill, 'NOSPACE', first)
      const killed = await drill.inject(faults.kill, cluster.members)
      await killed.undo()
      const leader = await cluster.leader()
      const after = await untilAlarm(drill, 'NOSPACE', leader)
      drill.expect(
        'restarted-alarm-names-same-members',
        'the alarm names the members that it named before the restart',
        before.every((id) => after.includes(id)),
        `${after.join(', ')} after ${before.join(', ')}`,
      )
      await expectWritesRejected(drill)
      await expectUnhealthyWhileNospace(drill)
      await filled.undo()
    },
  },
]

/** Every member lists the alarm, with members of this cluster. */
async function expectAlarmOfMembers(drill: Drill): Promise<void> {
  const { members } = drill.cluster
  const known = await Promise.all(members.map(async (member) => (await member.status()).memberId))
  for (const member of members) {
    const named = await untilAlarm(drill, 'NOSPACE', member)
    drill.expect(
      'alarm-names-members',
      `the alarm that ${member.name} lists names members of the cluster`,
      named.every((id) => known.includes(id)),
      `${named.join(', ')} of ${known.join(', ')}`,
    )
  }
}
