import { etcd, peerUrl, type Scenario, workloads } from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { findListedMember, listMembers, untilHealthy } from '../shared/membership.ts'

const newcomer = 'm9'

const requestMs = 5_000

export const movedMember: Scenario = {
  id: 'member-replacement/moved-to-another-host',
  title: 'A member moved with its data to another host keeps its identity',
  depth: 'ci',
  minMembers: 3,
  workload: workloads.steady,
  faults: [],
  act: async (drill) => {
    const { cluster } = drill
    const before = cluster.members.length
    const member = await oneFollower(drill)
    const through = await cluster.leader()
    const { id } = await findListedMember(drill, { through, name: member.name })
    drill.window('host-shut-down', 'removes', [member])
    await member.stop()
    const address = cluster.reserveAddress(newcomer)
    const peerUrls = [peerUrl(cluster.spec, address)]
    await etcd.memberUpdate(drill.client(through), { id, peerUrls }, { timeoutMs: requestMs })
    const moved = await cluster.startMember({
      name: newcomer,
      options: { name: member.name },
      prepare: async (run) => {
        const copy = ['cp', '-a', '/from/default.etcd', member.dataDirectory]
        await run(copy, { toolbox: true, dataOf: member.name })
      },
    })
    await untilHealthy(drill, moved)
    const status = await etcd.status(drill.client(moved))
    drill.expect(
      'moved-member-keeps-id',
      'the moved member keeps its id',
      status.memberId === id,
      status.memberId,
    )
    const rows = await listMembers(drill, through)
    drill.expect(
      'member-count-unchanged',
      'the cluster has as many members as before',
      rows.length === before,
      `${rows.length}`,
    )
    const listed = rows.find((row) => row.id === id)?.peerUrls ?? []
    drill.expect(
      'moved-member-lists-new-address',
      'the moved member is listed at its new address alone',
      listed.join() === peerUrls.join(),
      listed.join(),
    )
    await cluster.removeMember(member.name)
  },
}
