import {
  addToMemberList,
  findListed,
  initialClusterWith,
  removeFromMemberList,
  untilJoined,
} from '../../cluster/membership.ts'
import type { Cluster, Member } from '../../cluster/types.ts'

/**
 * Replaces a member the way an operator does: out of the membership, in again as a new one, with an
 * empty disk, fed by the others. Its name, address and settings stay, its id does not. Needs a
 * quorum of the others.
 */
export async function rebuild(cluster: Cluster, member: Member): Promise<void> {
  if (!cluster.members.includes(member)) return
  const listed = await findListed(cluster, member)
  if (listed !== undefined && listed.name !== '') await removeFromMemberList(cluster, member)
  await addToMemberList(cluster, member)
  await member.recreate({
    wipeData: true,
    initialClusterState: 'existing',
    initialCluster: await initialClusterWith(cluster, member),
  })
  await untilJoined(member)
}
