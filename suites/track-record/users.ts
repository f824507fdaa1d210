import { type Drill, etcd, type Member } from '../../harness/index.ts'
import { stopClients } from '../shared/stop-clients.ts'

export const root = { name: 'root', password: 'root-secret' }
export const tenant = { name: 'tenant', password: 'tenant-secret' }

/** A key that the tenant has no permission for. */
export const secret = { key: 'secret/one', value: 'not-for-tenants' }
/** A key that the tenant may write, and read with `may`. */
export const tenantKey = 'tenant/one'

/** Ends the workload, adds root and a tenant with permission for some keys, enables authentication. */
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
