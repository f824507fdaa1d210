import * as auth from '../../client/auth.ts'
import { deleteKeys, range } from '../../client/kv.ts'
import { leaseRevoke, leases } from '../../client/lease.ts'
import { alarms, disarm } from '../../client/maintenance.ts'
import { connectMember, type MemberClient } from '../../client/member-client.ts'
import type { Cluster } from '../../cluster/types.ts'
import { authUsers } from '../../topology/auth-users.ts'
import { directRoute } from '../load/route.ts'

const timeoutMs = 5_000
const everyKey = { key: '\0', end: '\0' }

/**
 * Removes every alarm, user, role, lease and key, and returns when each member has done so. Where
 * the cluster has authentication on, its own users stay, with their first rights. The revision goes
 * on, and what was compacted stays so. Throws a RequestError when a member rejects a request or does
 * not answer.
 */
export async function emptyStore(cluster: Cluster): Promise<void> {
  const { members, spec } = cluster
  const route = directRoute(cluster)
  using clients = new DisposableStack()
  const all = members.map(({ name, clientEndpoint: endpoint }) => {
    const client = connectMember({ member: name, ...route.to(endpoint), timeoutMs })
    return clients.adopt(client, ({ close }) => close())
  })
  const [first] = all
  if (first === undefined) throw new RangeError('Expected a member to empty, got none')
  await removeAll(first, spec.auth === undefined ? [] : Object.keys(authUsers))
  // After a linearizable read a member has applied what was acknowledged before.
  await Promise.all(all.map((client) => range(client, { ...everyKey, countOnly: true })))
}

async function removeAll(client: MemberClient, kept: readonly string[]): Promise<void> {
  const isOurs = (name: string) => kept.includes(name)
  for (const alarm of await alarms(client)) await disarm(client, alarm)
  for (const user of await auth.userList(client)) {
    if (isOurs(user)) await auth.userGrantRole(client, { user, role: user })
    else await auth.userDelete(client, user)
  }
  for (const role of await auth.roleList(client)) {
    if (!isOurs(role)) await auth.roleDelete(client, role)
  }
  for (const lease of await leases(client)) await leaseRevoke(client, lease)
  await deleteKeys(client, everyKey)
}
