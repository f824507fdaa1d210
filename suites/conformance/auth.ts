import {
  done,
  etcd,
  inVariants,
  notYet,
  poll,
  type Scenario,
  withoutTls,
} from '../../harness/index.ts'
import { leasesGuarded } from './auth-leases.ts'
import { prepared } from './auth-prepared.ts'
import { connectAs, logIn, partOf, reader, root, type Users, writer } from './auth-users.ts'
import { conformance, type TopicContext } from './topic.ts'
import { collectWatch } from './watch-collector.ts'

export const auth: readonly Scenario[] = inVariants(
  conformance({
    name: 'auth',
    title: 'With authentication on, a user does what its roles allow and nothing else',
    parts: [prepared, guarded],
  }),
  [withoutTls],
)

/** The switch is on for as short as can be, and off again whatever happens. */
async function guarded(bench: TopicContext): Promise<void> {
  const { check, client, drill, prefix } = bench
  await etcd.authEnable(client(0))
  await using users = await logIn(bench)
  await using off = new AsyncDisposableStack()
  off.defer(() => etcd.authDisable(users.root))
  await whoAreYou(bench)
  await allowed(bench, users)
  await denied(bench, users)
  await leasesGuarded(bench, users)
  await changed(bench, users)
  await off.disposeAsync()
  await check.equal('switched off, nobody has to say who they are', 1, async () => {
    return (await etcd.range(client(2), { key: `${prefix}beside` })).count
  })
  drill.mark('note', 'authentication is off again')
}

async function whoAreYou({ drill, check, client, prefix, has }: TopicContext): Promise<void> {
  await check.refused('a wrong password is refused', 'authentication failed', () =>
    etcd.authenticate(client(0), { ...reader, password: 'wrong' }),
  )
  const invented = connectAs(drill.cluster, 1, 'invented.1')
  await check
    .refused('an invented token is refused', 'invalid auth token', () =>
      etcd.range(invented, { key: `${prefix}part/a` }),
    )
    .finally(invented.close)
  if (drill.cluster.spec.tls.client !== 'mutual') {
    await check.refused('who says nothing is nobody', 'user name is empty', () =>
      etcd.range(client(1), { key: `${prefix}part/a` }),
    )
  } else {
    await check.equal('who says nothing is whom the certificate names: root', 1, async () => {
      return (await etcd.range(client(1), { key: `${prefix}beside` })).count
    })
  }
  if (!has('auth-status')) return
  await check.equal('the switch is said to be on', true, async () => {
    const token = await etcd.authenticate(client(2), root)
    const asRoot = connectAs(drill.cluster, 2, token)
    return (await etcd.authStatus(asRoot).finally(asRoot.close)).enabled
  })
}

async function allowed(
  { check, prefix }: TopicContext,
  { root, reader, writer }: Users,
): Promise<void> {
  const part = partOf(prefix)
  // A member may hear of a token that another has given only a moment later.
  await check.becomes('a token counts at every member: its range is read', async () => {
    return done((await etcd.range(reader, part)).count)
  })
  await check.becomes('who may write writes', async () => {
    return done(await etcd.put(writer, { key: `${prefix}part/b`, value: 'v' }))
  })
  await check.equal('and deletes', 1, async () => {
    return (await etcd.deleteKeys(writer, { key: `${prefix}part/b` })).deleted
  })
  await check.becomes('root may do everything', async () => {
    return done((await etcd.range(root, { key: `${prefix}beside` })).count)
  })
}

async function denied({ check, prefix }: TopicContext, { reader, writer }: Users): Promise<void> {
  const part = partOf(prefix)
  const key = `${prefix}part/a`
  const beside = `${prefix}beside`
  const deny = (what: string, request: () => Promise<unknown>) =>
    check.refused(what, 'permission denied', request)
  await deny('a key beside the range is not read', () => etcd.range(reader, { key: beside }))
  await deny('nor a range that goes beyond it', () => etcd.range(reader, { ...part, end: '\0' }))
  await deny('who may read does not write', () => etcd.put(reader, { key, value: 'v' }))
  await deny('nor delete', () => etcd.deleteKeys(reader, { key }))
  await deny('who may write does not read', () => etcd.range(writer, { key }))
  await deny('not even what was there before its put', () =>
    etcd.put(writer, { key, value: 'v', prevKv: true }),
  )
  await deny('not by a compare either', () =>
    etcd.txn(writer, { compare: [{ key, target: 'version', is: '=', to: 1 }], success: [] }),
  )
  await deny('a step in the branch that will not run counts', () => {
    const failure = [{ put: { key: beside, value: 'v' } }]
    return etcd.txn(writer, { compare: [], success: [], failure })
  })
  await deny('the switch is root’s', () => etcd.authDisable(writer))
  await deny('users are root’s', () => etcd.userAdd(reader, { name: 'x', password: 'x' }))
  await check.holds('a watch of what one may not read is cancelled', async () => {
    using heard = collectWatch(etcd.watch(reader, { key: beside }))
    await heard.until('that it is cancelled', () => heard.responses.at(-1)?.canceled === true)
    const found = heard.responses.at(-1)?.cancelReason
    return { held: found?.includes('permission denied') === true, found }
  })
  await check.holds('a watch of what one may read is not', async () => {
    using heard = collectWatch(etcd.watch(reader, part))
    await heard.created()
    const found = heard.responses.at(-1)
    return { held: found?.canceled === false, found }
  })
}

async function changed(bench: TopicContext, { root, ...users }: Users): Promise<void> {
  const { check, client, prefix } = bench
  await rolesTaken(bench, { root, ...users })
  await etcd.roleRevoke(root, reader.name, partOf(prefix))
  await check.refused('what is taken from a role is gone at once', 'permission denied', () =>
    etcd.range(users.reader, { key: `${prefix}part/a` }),
  )
  await etcd.userChangePassword(root, { ...writer, password: 'other' })
  await check.refused('an old password is refused', 'authentication failed', () =>
    etcd.authenticate(client(0), writer),
  )
  const oldToken = async () => {
    const write = etcd.put(users.writer, { key: `${prefix}part/a`, value: 'v' })
    const said = await write.then(
      () => 'an acknowledgement',
      (thrown: Error) => thrown.message,
    )
    // Refused too, until its member has heard of the change: its write is older than that.
    return isOldRevision.test(said) ? notYet(said) : done(said)
  }
  await check.holds('and takes its tokens with it', async () => {
    const said = await poll(oldToken, { what: 'the change to arrive', deadlineMs: 10_000 })
    return { held: said.includes('invalid auth token'), found: said }
  })
  await etcd.userDelete(root, reader.name)
  await check.refused('a user that is deleted is nobody', 'authentication failed', () =>
    etcd.authenticate(client(0), reader),
  )
}

/** The words of 3.4 and 3.5.0, and those since 3.5.2. */
const isOldRevision = /revision in header is old|revision of auth store is old/

async function rolesTaken(
  { check, prefix }: TopicContext,
  { root, ...users }: Users,
): Promise<void> {
  const its = { user: reader.name, role: reader.name }
  const read = () => etcd.range(users.reader, { key: `${prefix}part/a` })
  await etcd.userRevokeRole(root, its)
  await check.refused('without its role a user may nothing', 'permission denied', read)
  await etcd.userGrantRole(root, its)
  await check.becomes('with it again it may', async () => done(await read()))
  await etcd.roleAdd(root, 'short-lived')
  await etcd.roleDelete(root, 'short-lived')
  await check.refused('a role that is deleted is nobody’s to have', 'role name not found', () =>
    etcd.userGrantRole(root, { ...its, role: 'short-lived' }),
  )
}
