import { done, etcd, notYet, poll } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { partOf, reader, singleOf, type Users, writer } from './users.ts'

/** etcd's text in 3.4 and 3.5.0, and since 3.5.2. */
const isOldRevision = /revision in header is old|revision of auth store is old/

/** Changes of roles, permissions, passwords and users take effect at once. */
export async function checkChanges(
  context: TopicContext,
  { root, ...users }: Users,
): Promise<void> {
  const { check, client, prefix } = context
  await checkRoleChanges(context, { root, ...users })
  await etcd.roleRevoke(root, reader.name, partOf(prefix))
  await check.rejected(
    'revoked-permission-ends-at-once',
    'a permission revoked from a role ends at once',
    'permission denied',
    () => etcd.range(users.reader, { key: `${prefix}part/a` }),
  )
  await etcd.userChangePassword(root, { ...writer, password: 'other' })
  await check.rejected(
    'old-password-rejected',
    'authentication with the password before the change is rejected',
    'authentication failed',
    () => etcd.authenticate(client(0), writer),
  )
  const oldToken = async () => {
    const write = etcd.put(users.writer, { key: `${prefix}part/a`, value: 'v' })
    const said = await write.then(
      () => 'an acknowledgement',
      (thrown: Error) => thrown.message,
    )
    // Until its member learns of the change, etcd rejects the write as older than the auth store.
    return isOldRevision.test(said) ? notYet(said) : done(said)
  }
  await check.holds(
    'password-change-invalidates-tokens',
    'a change of password invalidates the user’s tokens',
    async () => {
      const said = await poll(oldToken, { what: 'the change to arrive', deadlineMs: 10_000 })
      return { held: said.includes('invalid auth token'), found: said }
    },
  )
  await etcd.userDelete(root, reader.name)
  await check.rejected(
    'deleted-user-cannot-authenticate',
    'a deleted user cannot authenticate',
    'authentication failed',
    () => etcd.authenticate(client(0), reader),
  )
  await check.holds(
    'deleted-user-is-served-nothing',
    'a token of a deleted user is of no use',
    async () => {
      const read = etcd.range(users.reader, singleOf(prefix))
      const said = await read.then(
        ({ count }) => `${count} keys`,
        (thrown: Error) => thrown.message,
      )
      const isRejected =
        /invalid auth token|permission denied/.test(said) || isOldRevision.test(said)
      return { held: isRejected, found: said }
    },
  )
}

async function checkRoleChanges(
  { check, prefix }: TopicContext,
  { root, ...users }: Users,
): Promise<void> {
  const its = { user: reader.name, role: reader.name }
  const read = () => etcd.range(users.reader, { key: `${prefix}part/a` })
  await etcd.userRevokeRole(root, its)
  await check.rejected(
    'revoked-role-ends-permissions',
    'a user without its role is denied',
    'permission denied',
    read,
  )
  await etcd.userGrantRole(root, its)
  await check.becomes(
    'granted-role-restores-permissions',
    'a user reads again when its role is granted again',
    async () => done(await read()),
  )
  const passing = `${prefix}passing`
  const readPassing = () => etcd.range(users.reader, { key: passing })
  await etcd.roleAdd(root, 'short-lived')
  await etcd.roleGrant(root, 'short-lived', { may: 'read', key: passing })
  await etcd.userGrantRole(root, { ...its, role: 'short-lived' })
  await check.becomes(
    'second-role-adds-permissions',
    'a user reads what its second role allows',
    async () => done(await readPassing()),
  )
  await etcd.roleDelete(root, 'short-lived')
  await check.rejected(
    'deleted-role-ends-permissions',
    'a user without its deleted role is denied what that allowed',
    'permission denied',
    readPassing,
  )
  await check.rejected(
    'deleted-role-not-granted',
    'a deleted role cannot be granted',
    'role name not found',
    () => etcd.userGrantRole(root, { ...its, role: 'short-lived' }),
  )
}
