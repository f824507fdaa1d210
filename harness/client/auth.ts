import { bytes } from './kv-wire.ts'
import type { UserAndPassword } from './login.ts'
import type { CallOptions, MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

export type { UserAndPassword } from './login.ts'

/** etcd rejects it without a user `root` that has the role `root`. */
export async function authEnable(client: MemberClient, options?: CallOptions): Promise<void> {
  await client.call('Auth', 'AuthEnable', {}, options)
}

/** While authentication is on, only a user with the role `root` may. */
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

/** Adds a user without roles. etcd rejects a name that there is. */
export async function userAdd(
  client: MemberClient,
  user: UserAndPassword,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserAdd', user, options)
}

/** etcd rejects it for `root` while authentication is on, and for a user that there is none of. */
export async function userDelete(
  client: MemberClient,
  name: string,
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserDelete', { name }, options)
}

/** Replaces a user's password. etcd rejects it for a user that there is none of. */
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

/** The roles of a user. Only the user itself and root may ask while authentication is on. */
export async function userGet(
  client: MemberClient,
  name: string,
  options?: CallOptions,
): Promise<readonly string[]> {
  const { roles } = await client.call<{ roles: string[] }>('Auth', 'UserGet', { name }, options)
  return roles
}

/** etcd rejects it for a user or a role that there is none of. */
export async function userGrantRole(
  client: MemberClient,
  request: { readonly user: string; readonly role: string },
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserGrantRole', request, options)
}

/** Takes a role from a user. etcd rejects it for a role that the user does not have. */
export async function userRevokeRole(
  client: MemberClient,
  { user, role }: { readonly user: string; readonly role: string },
  options?: CallOptions,
): Promise<void> {
  await client.call('Auth', 'UserRevokeRole', { name: user, role }, options)
}

/** Adds a role without permissions. etcd rejects a name that there is. */
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

/** Deletes a role, and takes it from all users that have it. */
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

interface RawPermission {
  readonly permType: string
  readonly key: Buffer
  readonly rangeEnd: Buffer
}

/** What a role may do. Only its users and root may ask while authentication is on. */
export async function roleGet(
  client: MemberClient,
  role: string,
  options?: CallOptions,
): Promise<readonly Permission[]> {
  const { perm } = await client.call<{ perm: RawPermission[] }>(
    'Auth',
    'RoleGet',
    { role },
    options,
  )
  return perm.map(({ permType, key, rangeEnd }) => ({
    may: permType.toLowerCase() as Permission['may'],
    key: key.toString('utf8'),
    ...(rangeEnd.length > 0 && { end: rangeEnd.toString('utf8') }),
  }))
}

/** Lets a role read or write keys, beside what it may already. */
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
