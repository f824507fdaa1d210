import {
  type ClusterSpec,
  etcd,
  faults,
  fiveMembers,
  type InjectedFault,
  inVariants,
  type Member,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import {
  expectListedElsewhere,
  findListedMember,
  joinWithEmptyDisk,
  removeFromMemberList,
} from '../shared/membership.ts'
import {
  addWhileOneDown,
  killUntilNoticed,
  mayAddMember,
  needsStrictCheck,
} from '../shared/one-member-down.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'

const additionWhileOneDown: Scenario = {
  id: 'member-replacement/added-while-one-down',
  title: 'etcd accepts a new member while one is down only where quorum is safe',
  depth: 'full',
  minMembers: 3,
  workload: workloads.steady,
  faults: [faults.kill],
  act: async (drill) => {
    const rejection = await addWhileOneDown(drill, newcomer)
    const { members, spec } = drill.cluster
    if (mayAddMember(spec, { listed: members.length, running: members.length - 1 })) {
      const sentence = 'a member is added where it leaves a quorum'
      return drill.expect(
        'addition-keeps-quorum-accepted',
        sentence,
        rejection === undefined,
        formatRejection(rejection),
      )
    }
    drill.expect(
      'quorum-losing-addition-rejected',
      'an addition that could lose quorum is rejected',
      isError(rejection, etcdErrors.unhealthyCluster),
      formatRejection(rejection),
    )
  },
}

export const rejectedChanges: readonly Scenario[] = [
  {
    id: 'member-replacement/removal-would-lose-quorum',
    title: 'etcd rejects the removal of a running member while no other one can be spared',
    depth: 'ci',
    minMembers: 3,
    notApplicable: (spec) => needsStrictCheck(spec) ?? needsOddSize(spec),
    workload: workloads.steady,
    faults: [faults.kill],
    act: async (drill) => {
      const { cluster } = drill
      const followers = await cluster.followers()
      const spare = Math.floor((cluster.members.length - 1) / 2)
      const [down, ...others] = followers.slice(0, spare) as [Member, ...Member[]]
      const running = followers[spare] as Member
      const leader = await cluster.leader()
      const { id } = await findListedMember(drill, { through: leader, name: running.name })
      const killed = await killUntilNoticed(drill, { down, leader })
      const alsoKilled: InjectedFault[] = []
      for (const each of others) {
        alsoKilled.push(await killUntilNoticed(drill, { down: each, leader }))
      }
      const removal = etcd.memberRemove(drill.client(leader), id, longTimeout)
      const rejection = await rejectionOf(removal)
      drill.expect(
        'quorum-losing-removal-rejected',
        'a removal that would lose quorum is rejected',
        isError(rejection, etcdErrors.unhealthyCluster, etcdErrors.notEnoughStarted),
        formatRejection(rejection),
      )
      await expectListedElsewhere(drill, leader, { id, name: down.name, isListed: true })
      for (const each of alsoKilled) await each.undo()
      await removeFromMemberList(drill, { through: leader, name: down.name })
      await killed.undo().catch(() => {})
      await joinWithEmptyDisk(drill, leader, down)
    },
  },
  ...inVariants(additionWhileOneDown, [fiveMembers]),
]

const newcomer = 'm9'

/** Four members with one down have a quorum of the three that stay when another one is removed. */
function needsOddSize({ members }: ClusterSpec): string | undefined {
  return members.length % 2 === 0
    ? 'of an even number of members one more can be removed than of the next smaller number'
    : undefined
}
