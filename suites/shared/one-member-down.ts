import {
  type Drill,
  done,
  etcd,
  faults,
  type InjectedFault,
  type Member,
  notYet,
  peerUrl,
  poll,
} from '../../harness/index.ts'
import { listMembers } from './membership.ts'
import { calm, refusalOf } from './rejection.ts'

/** What the strict reconfiguration check wants to have seen of every member: five seconds. */
const connectedMs = 6_000

/**
 * Adds a member that nobody starts while a follower is down, and puts all back as it was. Resolves
 * to `added`, or to what etcd refused it with.
 */
export async function addWhileOneDown(drill: Drill, newcomer: string): Promise<string> {
  const { cluster } = drill
  const [down] = (await cluster.followers()) as [Member]
  const leader = await cluster.leader()
  const killed = await killWatched(drill, { down, leader })
  const client = drill.client(leader)
  const request = { peerUrls: [peerUrl(cluster.spec, cluster.reserveAddress(newcomer))] }
  const said = (await refusalOf(etcd.memberAdd(client, request, calm))) ?? 'added'
  await killed.undo()
  const added = (await listMembers(drill, leader)).find(({ name }) => name === '')
  if (added !== undefined) await etcd.memberRemove(client, added.id, calm)
  return said
}

/**
 * Kills a member when all have been connected for long enough to count, and returns when its leader
 * has seen that. Until then the leader counts one more than there are, and allows what it should not.
 */
export async function killWatched(
  drill: Drill,
  { down, leader }: { readonly down: Member; readonly leader: Member },
): Promise<InjectedFault> {
  const { memberId } = await down.status()
  await drill.hold(connectedMs)
  const killed = await drill.inject(faults.kill, [down])
  await untilInactive(leader, { name: down.name, memberId })
  return killed
}

/** By its log, which says so in every version; the gauge `etcd_network_active_peers` is newer. */
function untilInactive(
  leader: Member,
  peer: { readonly name: string; readonly memberId: string },
): Promise<void> {
  return poll(
    async () => {
      const lines = (await leader.logs()).split('\n')
      const last = lines.findLast(
        (line) => /became (in)?active/.test(line) && line.includes(peer.memberId),
      )
      return last?.includes('became inactive') ? done(undefined) : notYet(last ?? 'no word of it')
    },
    { what: `${leader.name} to see that ${peer.name} is gone`, deadlineMs: 30_000 },
  )
}
