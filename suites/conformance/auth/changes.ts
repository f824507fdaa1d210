import { done, etcd, notYet, poll } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { denials, everyTime } from './denials.ts'
import { type OrdinaryUsers, partOf, reader, singleOf, type Users, writer } from './users.ts'

/** etcd's text in 3.4 and 3.5.0, and since 3.5.2. */
const isOldRevision = /revision in header is old|revision of auth store is old/

/** Changes of roles, permissions, passwords and users take effect at once. */
export async function checkChanges(context: TopicContext, users: Users): Promise<void> {
  const { check, client, drill, prefix } = context
  const { root } = users
  const deny = denials(context, users)
  await checkRoleChanges(context, users)
  await etcd.roleRevoke(root, reader.name, partOf(prefix))
  await deny(
    'revoked-permission-ends-at-once',
    'what a permission allowed that was revoked from a role',
    ({ reader }) => etcd.range(reader, { key: `${prefix}part/a` }),
  )
  await etcd.userChangePassword(root, { ...writer, password: 'other' })
  await check.rejectedEach(
    'old-password-rejected',
    'authentication with the password before the change is rejected',
    'authentication failed',
    everyTime([...drill.cluster.members.keys()], (at) => etcd.authenticate(client(at), writer)),
  )
  const oldToken = async (of: OrdinaryUsers) => {
    const said = await answerTo(etcd.put(of.writer, { key: `${prefix}part/a`, value: 'v' }))
    // Until its member learns of the change, etcd rejects the write as older than the auth store.
    return isOldRevision.test(said) ? notYet(said) : done(said)
  }
  await check.holds(
    'password-change-invalidates-tokens',
    'a change of password invalidates the user’s tokens',
    async () => {
      const said: string[] = []
      for (const of of users.everywhere) {
        const what = 'the change to arrive'
        said.push(await poll(() => oldToken(of), { what, deadlineMs: 10_000 }))
      }
      return { held: said.every((one) => one.includes('invalid auth token')), found: said }
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
      const said: string[] = []
      for (const { reader } of users.everywhere) {
        said.push(await answerTo(etcd.range(reader, singleOf(prefix))))
      }
      const isRejected = (one: string) =>
        /invalid auth token|permission denied/.test(one) || isOldRevision.test(one)
      return { held: said.every(isRejected), found: said }
    },
  )
}

const answerTo = (request: Promise<unknown>): Promise<string> =>
  request.then(
    () => 'done',
    (thrown: Error) => thrown.message,
  )

async function checkRoleChanges(context: TopicContext, users: Users): Promise<void> {
  const { check, prefix } = context
  const { root } = users
  const deny = denials(context, users)
  const its = { user: reader.name, role: reader.name }
  const read = () => etcd.range(users.reader, { key: `${prefix}part/a` })
  await etcd.userRevokeRole(root, its)
  await deny(
    'revoked-role-ends-permissions',
    'what a role allowed that was revoked from its user',
    ({ reader }) => etcd.range(reader, { key: `${prefix}part/a` }),
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
  await deny('deleted-role-ends-permissions', 'what a role allowed that is deleted', ({ reader }) =>
    etcd.range(reader, { key: passing }),
  )
  await check.rejected(
    'deleted-role-not-granted',
    'a deleted role cannot be granted',
    'role name not found',
    () => etcd.userGrantRole(root, { ...its, role: 'short-lived' }),
  )
}
