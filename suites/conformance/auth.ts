import {
  done,
  etcd,
  inVariants,
  notYet,
  poll,
  type Scenario,
  withoutTls,
} from '../../harness/index.ts'
import { checkLeases } from './auth-leases.ts'
import { setUpAuth } from './auth-setup.ts'
import { connectAs, logIn, partOf, reader, root, type Users, writer } from './auth-users.ts'
import { conformance, type TopicContext } from './topic.ts'
import { collectWatch } from './watch-collector.ts'

export const auth: readonly Scenario[] = inVariants(
  conformance({
    name: 'auth',
    title: 'A user does what its roles allow and nothing else',
    parts: [setUpAuth, enforceAuth],
  }),
  [withoutTls],
)

/** Enables authentication for as short as possible, and disables it whatever happens. */
async function enforceAuth(context: TopicContext): Promise<void> {
  const { check, client, drill, prefix } = context
  await etcd.authEnable(client(0))
  await using users = await logIn(context)
  await using off = new AsyncDisposableStack()
  off.defer(() => etcd.authDisable(users.root))
  await checkIdentity(context)
  await checkAllowed(context, users)
  await checkDenied(context, users)
  await checkLeases(context, users)
  await checkChanges(context, users)
  await off.disposeAsync()
  await check.equal(
    'auth-disabled-needs-no-user',
    'clients read without a user when authentication is disabled',
    1,
    async () => {
      return (await etcd.range(client(2), { key: `${prefix}beside` })).count
    },
  )
  drill.mark('note', 'authentication is off again')
}

async function checkIdentity({ drill, check, client, prefix, has }: TopicContext): Promise<void> {
  await check.rejected(
    'wrong-password-rejected',
    'authentication with a wrong password is rejected',
    'authentication failed',
    () => etcd.authenticate(client(0), { ...reader, password: 'wrong' }),
  )
  const stranger = connectAs(drill.cluster, 1, 'invented.1')
  await check
    .rejected(
      'invented-token-rejected',
      'an invented token is rejected',
      'invalid auth token',
      () => etcd.range(stranger, { key: `${prefix}part/a` }),
    )
    .finally(stranger.close)
  if (drill.cluster.spec.tls.client !== 'mutual') {
    await check.rejected(
      'nameless-request-rejected',
      'a request without a user or certificate is rejected',
      'user name is empty',
      () => etcd.range(client(1), { key: `${prefix}part/a` }),
    )
  } else {
    await check.equal(
      'certificate-names-user',
      'a request without a token acts as the user that the certificate names',
      1,
      async () => {
        return (await etcd.range(client(1), { key: `${prefix}beside` })).count
      },
    )
  }
  if (!has('auth-status')) return
  await check.equal(
    'auth-status-enabled',
    'auth status says that authentication is enabled',
    true,
    async () => {
      const token = await etcd.authenticate(client(2), root)
      const asRoot = connectAs(drill.cluster, 2, token)
      return (await etcd.authStatus(asRoot).finally(asRoot.close)).enabled
    },
  )
}

async function checkAllowed(
  { check, prefix }: TopicContext,
  { root, reader, writer }: Users,
): Promise<void> {
  const part = partOf(prefix)
  // A member may learn of a token that another issued a moment later.
  await check.becomes(
    'token-valid-at-every-member',
    'a token from one member is valid at another',
    async () => {
      return done((await etcd.range(reader, part)).count)
    },
  )
  await check.becomes('writer-may-put', 'a user with write permission puts a key', async () => {
    return done(await etcd.put(writer, { key: `${prefix}part/b`, value: 'v' }))
  })
  await check.equal(
    'writer-may-delete',
    'a user with write permission deletes a key',
    1,
    async () => {
      return (await etcd.deleteKeys(writer, { key: `${prefix}part/b` })).deleted
    },
  )
  await check.becomes('root-may-do-everything', 'user root reads any key', async () => {
    return done((await etcd.range(root, { key: `${prefix}beside` })).count)
  })
}

async function checkDenied(
  { check, prefix }: TopicContext,
  { reader, writer }: Users,
): Promise<void> {
  const part = partOf(prefix)
  const key = `${prefix}part/a`
  const beside = `${prefix}beside`
  const deny = (id: string, what: string, request: () => Promise<unknown>) =>
    check.rejected(id, `${what} is denied`, 'permission denied', request)
  await deny('read-beside-permission', 'a read of a key outside the permitted range', () =>
    etcd.range(reader, { key: beside }),
  )
  await deny('range-beyond-permission', 'a read of a range beyond the permitted one', () =>
    etcd.range(reader, { ...part, end: '\0' }),
  )
  await deny('put-needs-write-permission', 'a put by a user with read permission', () =>
    etcd.put(reader, { key, value: 'v' }),
  )
  await deny('delete-needs-write-permission', 'a delete by a user with read permission', () =>
    etcd.deleteKeys(reader, { key }),
  )
  await deny('read-needs-read-permission', 'a read by a user with write permission', () =>
    etcd.range(writer, { key }),
  )
  await deny(
    'prevkv-needs-read-permission',
    'a put with prevKv by a user with write permission',
    () => etcd.put(writer, { key, value: 'v', prevKv: true }),
  )
  await deny('compare-needs-read-permission', 'a compare by a user with write permission', () =>
    etcd.txn(writer, { compare: [{ key, target: 'version', is: '=', to: 1 }], success: [] }),
  )
  await deny(
    'idle-branch-needs-permission',
    'a transaction with a step that needs permission in its other branch',
    () => {
      const failure = [{ put: { key: beside, value: 'v' } }]
      return etcd.txn(writer, { compare: [], success: [], failure })
    },
  )
  await deny('auth-disable-needs-root', 'disabling authentication as another user than root', () =>
    etcd.authDisable(writer),
  )
  await deny('user-add-needs-root', 'adding a user as another user than root', () =>
    etcd.userAdd(reader, { name: 'x', password: 'x' }),
  )
  await check.holds(
    'watch-needs-read-permission',
    'a watch of a key that the user may not read is cancelled',
    async () => {
      using collector = collectWatch(etcd.watch(reader, { key: beside }))
      await collector.until('its cancellation', () => collector.responses.at(-1)?.canceled === true)
      const found = collector.responses.at(-1)?.cancelReason
      return { held: found?.includes('permission denied') === true, found }
    },
  )
  await check.holds(
    'permitted-watch-stays-open',
    'a watch of keys that the user may read stays open',
    async () => {
      using collector = collectWatch(etcd.watch(reader, part))
      await collector.created()
      const found = collector.responses.at(-1)
      return { held: found?.canceled === false, found }
    },
  )
}

async function checkChanges(context: TopicContext, { root, ...users }: Users): Promise<void> {
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
}

/** etcd's text in 3.4 and 3.5.0, and since 3.5.2. */
const isOldRevision = /revision in header is old|revision of auth store is old/

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
  await etcd.roleAdd(root, 'short-lived')
  await etcd.roleDelete(root, 'short-lived')
  await check.rejected(
    'deleted-role-not-granted',
    'a deleted role cannot be granted',
    'role name not found',
    () => etcd.userGrantRole(root, { ...its, role: 'short-lived' }),
  )
}
