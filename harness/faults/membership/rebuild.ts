import { etcdctlMembership } from '../../cluster/etcdctl-membership.ts'
import { addToMemberList, untilJoined } from '../../cluster/membership.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { removeIfListed } from './remove-if-listed.ts'

/**
 * Replaces a member the way an operator does: out of the membership, in again as a new one, with an
 * empty disk, fed by the others. Its name, address and settings stay, its id does not. Needs a
 * quorum of the others.
 */
export async function rebuild(cluster: Cluster, member: Member): Promise<void> {
  if (!cluster.members.includes(member)) return
  await removeIfListed(cluster, member)
  const api = etcdctlMembership(cluster, { except: member.name })
  const { initialCluster } = await addToMemberList(api, cluster.spec, member)
  await member.recreate({ wipeData: true, initialClusterState: 'existing', initialCluster })
  await untilJoined(member, cluster.spec)
}
