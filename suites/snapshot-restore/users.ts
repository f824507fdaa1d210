import { type Drill, done, etcd, type Member, poll, type Scenario } from '../../harness/index.ts'
import { lostForGood } from '../shared/permanent-loss.ts'
import { calm, refusalOf } from '../shared/rejection.ts'
import { stopClients } from '../shared/stop-clients.ts'
import { givenUp } from './disaster.ts'
import { besidesPrefix } from './expectations.ts'
import { namesOf, restoreCluster } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

const root = { name: 'root', password: 'root-secret' }
const reader = { name: 'reader', password: 'reader-secret' }
const lateComer = { name: 'late', password: 'late-secret' }

export const users: readonly Scenario[] = [
  {
    ...givenUp,
    id: 'snapshot-restore/users-restored',
    title: 'A restore keeps users, roles and enabled authentication',
    depth: 'full',
    act: async (drill) => {
      await stopClients(drill)
      const leader = await drill.cluster.leader()
      await addUsers(drill.client(leader))
      const asRoot = await asUser(drill, leader, root)
      const { content } = await takeSnapshot(drill, leader, asRoot)
      await asRoot.call('Auth', 'UserAdd', lateComer)
      asRoot.close()
      await drill.inject(lostForGood, drill.cluster.members)
      const names = namesOf(drill.cluster.members)
      await restoreCluster(drill, { content, names, awaitHealthy: false })
      const [member] = drill.cluster.members as [Member]
      await expectUsers(drill, member)
    },
  },
]

/** A role that may read what is beside the workload, and nothing else. Then authentication is on. */
async function addUsers(client: etcd.MemberClient): Promise<void> {
  const range = { key: Buffer.from(besidesPrefix), rangeEnd: Buffer.from('beside0') }
  await etcd.put(client, { key: `${besidesPrefix}secret`, value: 'kept' })
  await client.call('Auth', 'RoleAdd', { name: 'root' })
  await client.call('Auth', 'RoleAdd', { name: reader.name })
  const perm = { permType: 'READ', ...range }
  await client.call('Auth', 'RoleGrantPermission', { name: reader.name, perm })
  for (const user of [root, reader]) {
    await client.call('Auth', 'UserAdd', user)
    await client.call('Auth', 'UserGrantRole', { user: user.name, role: user.name })
  }
  await client.call('Auth', 'AuthEnable', {})
}

async function expectUsers(drill: Drill, member: Member): Promise<void> {
  const client = drill.client(member)
  const key = `${besidesPrefix}secret`
  const said = async (sent: Promise<unknown>) => (await refusalOf(sent)) ?? 'accepted'
  const asReader = await poll(async () => done(await asUser(drill, member, reader)), {
    what: 'a restored user to be known by name and password',
    deadlineMs: 30_000,
  })
  const unnamed = await said(etcd.range(client, { key }, calm))
  const isCertified = drill.cluster.spec.tls.client === 'mutual'
  drill.expect(
    'restored-auth-identifies-client',
    'a request without a token acts as the certificate’s user, and is rejected without one',
    isCertified ? unnamed === 'accepted' : /user name is empty/.test(unnamed),
    unnamed,
  )
  const own = await said(etcd.range(asReader, { key }))
  drill.expect(
    'restored-user-reads-own-keys',
    'a restored user reads what its role allows',
    own === 'accepted',
    own,
  )
  const other = await said(etcd.range(asReader, { key: 'k0' }))
  drill.expect(
    'restored-user-reads-no-other-keys',
    'a restored user reads nothing else',
    /permission denied/.test(other),
    other,
  )
  const write = await said(etcd.put(asReader, { key, value: 'changed' }))
  drill.expect(
    'restored-user-writes-nothing',
    'a restored user without write permission writes nothing',
    /permission denied/.test(write),
    write,
  )
  asReader.close()
  const wrong = await said(asUser(drill, member, { ...reader, password: 'wrong' }))
  drill.expect(
    'restored-auth-rejects-wrong-password',
    'a wrong password is rejected',
    isUnknown.test(wrong),
    wrong,
  )
  const late = await said(asUser(drill, member, lateComer))
  drill.expect(
    'later-user-is-absent',
    'a user added after the snapshot does not exist',
    isUnknown.test(late),
    late,
  )
}

/** The same words for a wrong name and a wrong password. */
const isUnknown = /authentication failed/

async function asUser(
  { cluster, client }: Drill,
  member: Member,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<etcd.MemberClient> {
  const { token } = await client(member).call<{ token: string }>(
    'Auth',
    'Authenticate',
    { name, password },
    calm,
  )
  const { credentials } = cluster
  const endpoint = member.clientEndpoint
  return etcd.connectMember({ member: member.name, endpoint, credentials, timeoutMs: 5_000, token })
}
