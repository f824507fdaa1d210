import { etcdctlMembership } from '../../cluster/etcdctl-membership.ts'
import { findListed, type MemberPlace, removeFromMemberList } from '../../cluster/membership.ts'
import type { Cluster } from '../../cluster/types.ts'

/** Takes the place out of etcd's member list, through another member; nothing when it is not in it. */
export async function removeIfListed(cluster: Cluster, place: MemberPlace): Promise<void> {
  const api = etcdctlMembership(cluster, { except: place.name })
  const listed = findListed(await api.list(), cluster.spec, place)
  if (listed !== undefined) await removeFromMemberList(api, cluster.spec, listed)
}
