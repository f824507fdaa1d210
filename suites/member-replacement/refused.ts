import {
  behaviourOf,
  type ClusterSpec,
  etcd,
  faults,
  five,
  inVariants,
  type Member,
  messageOf,
  peerUrl,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { expel, joinEmptied, listed, listMembers } from './membership.ts'

/** What the strict reconfiguration check wants to have seen of every member: five seconds. */
const connectedMs = 6_000

const addedWhileOneDown: Scenario = {
  id: 'member-replacement/added-while-one-down',
  title: 'With one member down a member is added only where the cluster could lose no quorum by it',
  depth: 'full',
  workload: workloads.steady,
  faults: [faults.kill],
  act: async (drill) => {
    const { cluster } = drill
    const [down] = (await cluster.followers()) as [Member]
    const leader = await cluster.leader()
    await drill.dwell(connectedMs)
    const killed = await drill.inject(faults.kill, [down])
    const request = { peerUrls: [peerUrl(cluster.spec, cluster.reserveAddress(newcomer))] }
    const said = await etcd
      .memberAdd(drill.client(leader), request, { timeoutMs: 5_000 })
      .then(() => 'added', messageOf)
    const isAllowed = mayAdd(cluster.spec)
    drill.expect(
      isAllowed ? 'the member is added' : 'the addition is refused: replace by removing first',
      isAllowed ? said === 'added' : /unhealthy cluster/.test(said),
      said,
    )
    await killed.undo()
    const added = (await listMembers(drill, leader)).find(({ name }) => name === '')
    if (added !== undefined) await etcd.memberRemove(drill.client(leader), added.id)
  },
}

export const refused: readonly Scenario[] = [
  {
    id: 'member-replacement/removal-would-lose-quorum',
    title: 'With one of three down etcd refuses to remove another, but not the one that is down',
    depth: 'ci',
    workload: workloads.steady,
    faults: [faults.kill],
    act: async (drill) => {
      const [down, other] = (await drill.cluster.followers()) as [Member, Member]
      const leader = await drill.cluster.leader()
      const { id } = await listed(drill, { through: leader, name: other.name })
      await drill.dwell(connectedMs)
      const killed = await drill.inject(faults.kill, [down])
      const said = await etcd
        .memberRemove(drill.client(leader), id, { timeoutMs: 5_000 })
        .then(() => 'removed', messageOf)
      drill.expect(
        'the removal is refused',
        /unhealthy cluster|not enough started/.test(said),
        said,
      )
      await expel(drill, { through: leader, name: down.name })
      await killed.undo().catch(() => {})
      await joinEmptied(drill, leader, down)
    },
  },
  ...inVariants(addedWhileOneDown, [five]),
]

const newcomer = 'm9'

/**
 * All but one must be a quorum of the larger cluster too: three members are not, five are. Versions
 * before the fix of issue 21640 want every member to be connected whatever their number.
 */
function mayAdd({ version, members }: ClusterSpec): boolean {
  const quorum = Math.floor((members.length + 1) / 2) + 1
  return behaviourOf(version).has('add-while-one-down') && members.length - 1 >= quorum
}
