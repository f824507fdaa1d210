import type { Method } from './lie.ts'

/** Methods of etcd's API that a lie is about. */
export const range: Method = { service: 'KV', method: 'Range' }
export const put: Method = { service: 'KV', method: 'Put' }
export const deleteRange: Method = { service: 'KV', method: 'DeleteRange' }
export const txn: Method = { service: 'KV', method: 'Txn' }
export const compact: Method = { service: 'KV', method: 'Compact' }
export const watch: Method = { service: 'Watch', method: 'Watch' }
export const leaseGrant: Method = { service: 'Lease', method: 'LeaseGrant' }
export const leaseRevoke: Method = { service: 'Lease', method: 'LeaseRevoke' }
export const leaseKeepAlive: Method = { service: 'Lease', method: 'LeaseKeepAlive' }
export const leaseTimeToLive: Method = { service: 'Lease', method: 'LeaseTimeToLive' }
export const leaseLeases: Method = { service: 'Lease', method: 'LeaseLeases' }
export const alarm: Method = { service: 'Maintenance', method: 'Alarm' }
export const status: Method = { service: 'Maintenance', method: 'Status' }
export const hashKv: Method = { service: 'Maintenance', method: 'HashKV' }
export const defragment: Method = { service: 'Maintenance', method: 'Defragment' }
export const moveLeader: Method = { service: 'Maintenance', method: 'MoveLeader' }
export const snapshot: Method = { service: 'Maintenance', method: 'Snapshot' }
export const memberList: Method = { service: 'Cluster', method: 'MemberList' }
export const memberRemove: Method = { service: 'Cluster', method: 'MemberRemove' }
export const authEnable: Method = { service: 'Auth', method: 'AuthEnable' }
export const authenticate: Method = { service: 'Auth', method: 'Authenticate' }
export const userGet: Method = { service: 'Auth', method: 'UserGet' }
export const roleGet: Method = { service: 'Auth', method: 'RoleGet' }
export const roleDelete: Method = { service: 'Auth', method: 'RoleDelete' }
export const userList: Method = { service: 'Auth', method: 'UserList' }
export const roleRevokePermission: Method = { service: 'Auth', method: 'RoleRevokePermission' }
export const lock: Method = { service: 'Lock', method: 'Lock' }
export const campaign: Method = { service: 'Election', method: 'Campaign' }

export function isOf(one: Method, other: Method): boolean {
  return one.service === other.service && one.method === other.method
}
