import * as auth from '../client/auth.ts'
import { deleteKeys, range } from '../client/kv.ts'
import { leaseRevoke, leases } from '../client/lease.ts'
import { alarms, disarm } from '../client/maintenance.ts'
import { connectMember, type MemberClient } from '../client/member-client.ts'
import type { Cluster } from '../cluster/types.ts'

const timeoutMs = 5_000
const everyKey = { key: '\0', end: '\0' }

/**
 * Removes every alarm, user, role, lease and key, and returns when each member has done so.
 * Authentication must be off. The revision goes on, and what was compacted stays so. Throws a
 * RequestError when a member rejects a request or does not answer.
 */
export async function emptyStore({ members, credentials }: Cluster): Promise<void> {
  using clients = new DisposableStack()
  const all = members.map(({ name, clientEndpoint: endpoint }) => {
    const client = connectMember({ member: name, endpoint, credentials, timeoutMs })
    return clients.adopt(client, ({ close }) => close())
  })
  const [first] = all
  if (first === undefined) throw new RangeError('Expected a member to empty, got none')
  await removeAll(first)
  // After a linearizable read a member has applied what was acknowledged before.
  await Promise.all(all.map((client) => range(client, { ...everyKey, countOnly: true })))
}

async function removeAll(client: MemberClient): Promise<void> {
  for (const alarm of await alarms(client)) await disarm(client, alarm)
  for (const user of await auth.userList(client)) await auth.userDelete(client, user)
  for (const role of await auth.roleList(client)) await auth.roleDelete(client, role)
  for (const lease of await leases(client)) await leaseRevoke(client, lease)
  await deleteKeys(client, everyKey)
}
