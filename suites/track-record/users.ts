import { type Drill, etcd, type Member } from '../../harness/index.ts'
import { stopClients } from '../shared/stop-clients.ts'

export const root = { name: 'root', password: 'root-secret' }
export const tenant = { name: 'tenant', password: 'tenant-secret' }

/** Keys that the tenant has no permission for. */
export const secret = { key: 'secret/one', value: 'not-for-tenants' }
/** A key that the tenant may write, and read where `may` says so. */
export const own = 'tenant/one'

/** Sends the workload away, then switches authentication on: root, and a tenant of some keys. */
export async function enableUsers(
  drill: Drill,
  member: Member,
  may: etcd.Permission['may'] = 'readwrite',
): Promise<void> {
  await stopClients(drill)
  const client = drill.client(member)
  await etcd.put(client, secret)
  for (const { name } of [root, tenant]) await etcd.roleAdd(client, name)
  await etcd.roleGrant(client, tenant.name, { may, key: 'tenant/', end: 'tenant0' })
  for (const user of [root, tenant]) {
    await etcd.userAdd(client, user)
    await etcd.userGrantRole(client, { user: user.name, role: user.name })
  }
  await etcd.authEnable(client)
}
