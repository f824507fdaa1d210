import { bytes } from './kv-wire.ts'
import type { CallOptions, MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

export interface UserAndPassword {
  readonly name: string
  readonly password: string
}

/** etcd rejects it without a user `root` that has the role `root`. */
export async function authEnable(client: MemberClient, options?: CallOptions): Promise<void> {
  await client.call('Auth', 'AuthEnable', {}, options)
}

export async function authDisable(client: MemberClient, options?: CallOptions): Promise<void> {
  await client.call('Auth', 'AuthDisable', {}, options)
}

/** etcd 3.5 and newer. */
export async function authStatus(
  client: MemberClient,
  options?: CallOptions,
): Promise<{ enabled: boolean; authRevision: number }> {
  const raw = await client.call<{ enabled: boolean; authRevision: string }>(
    'Auth',
    'AuthStatus',
    {},
    options,
  )
  return {
    enabled: raw.enabled,
    authRevision: safeInteger(raw.authRevision, 'authRevision'),
  }
}

/** Resolves to a token, for the `token` of a client. */
export async function authenticate(
  client: MemberClient,
  user: UserAndPassword,
  options?: CallOptions,
): Promise<string> {
  const { token } = await client.call<{ token: string }>('Auth', 'Authenticate', user, options)
  return token
}

export async function userAdd(
  client: MemberClient,
  user: UserAndPassword,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserAdd', user, options)
}

export async function userDelete(
  client: MemberClient,
  name: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserDelete', { name }, options)
}

export async function userChangePassword(
  client: MemberClient,
  user: UserAndPassword,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserChangePassword', user, options)
}

/** The names of all users, in ascending order. */
export async function userList(
  client: MemberClient,
  options?: CallOptions,
): Promise<readonly string[]> {
  const { users } = await client.call<{ users: string[] }>('Auth', 'UserList', {}, options)
  return users
}

export async function userGrantRole(
  client: MemberClient,
  request: { readonly user: string; readonly role: string },
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserGrantRole', request, options)
}

export async function userRevokeRole(
  client: MemberClient,
  { user, role }: { readonly user: string; readonly role: string },
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserRevokeRole', { name: user, role }, options)
}

export async function roleAdd(
  client: MemberClient,
  name: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'RoleAdd', { name }, options)
}

/** The names of all roles, in ascending order. */
export async function roleList(
  client: MemberClient,
  options?: CallOptions,
): Promise<readonly string[]> {
  const { roles } = await client.call<{ roles: string[] }>('Auth', 'RoleList', {}, options)
  return roles
}

export async function roleDelete(
  client: MemberClient,
  role: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'RoleDelete', { role }, options)
}

/** What a role may do with the keys from `key` to `end` (exclusive; absent = the key alone). */
export interface Permission {
  readonly may: 'read' | 'write' | 'readwrite'
  readonly key: string
  readonly end?: string
}

export async function roleGrant(
  client: MemberClient,
  role: string,
  { may, key, end }: Permission,
  options?: CallOptions,
): Promise<void> {
  const rangeEnd = end !== undefined && { rangeEnd: bytes(end) }
  const perm = { permType: permissionTypes[may], key: bytes(key), ...rangeEnd }
  await client.call('Auth', 'RoleGrantPermission', { name: role, perm }, options)
}

/** The enumeration's names: the encoder takes any other word for the first of them. */
const permissionTypes = { read: 'Read', write: 'Write', readwrite: 'Readwrite' } as const

/** Revokes the permission that was granted for exactly these keys. */
export async function roleRevoke(
  client: MemberClient,
  role: string,
  { key, end }: Pick<Permission, 'key' | 'end'>,
  options?: CallOptions,
): Promise<void> {
  const request = { role, key: bytes(key), ...(end !== undefined && { rangeEnd: bytes(end) }) }
  await client.call('Auth', 'RoleRevokePermission', request, options)
}
