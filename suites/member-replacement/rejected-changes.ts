import {
  etcd,
  faults,
  fiveMembers,
  inVariants,
  type Member,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd-errors.ts'
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
    title: 'etcd rejects the removal of a running member while another of three is down',
    depth: 'ci',
    minMembers: 3,
    notApplicable: needsStrictCheck,
    workload: workloads.steady,
    faults: [faults.kill],
    act: async (drill) => {
      const [down, other] = (await drill.cluster.followers()) as [Member, Member]
      const leader = await drill.cluster.leader()
      const { id } = await findListedMember(drill, { through: leader, name: other.name })
      const killed = await killUntilNoticed(drill, { down, leader })
      const removal = etcd.memberRemove(drill.client(leader), id, longTimeout)
      const rejection = await rejectionOf(removal)
      drill.expect(
        'quorum-losing-removal-rejected',
        'a removal that would lose quorum is rejected',
        isError(rejection, etcdErrors.unhealthyCluster, etcdErrors.notEnoughStarted),
        formatRejection(rejection),
      )
      await expectListedElsewhere(drill, leader, { id, name: down.name, isListed: true })
      await removeFromMemberList(drill, { through: leader, name: down.name })
      await killed.undo().catch(() => {})
      await joinWithEmptyDisk(drill, leader, down)
    },
  },
  ...inVariants(additionWhileOneDown, [fiveMembers]),
]

const newcomer = 'm9'
