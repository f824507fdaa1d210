import { type Drill, done, etcd, faults, type Member, type Scenario } from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { logIn } from '../shared/log-in.ts'
import { formatRejection, longTimeout, rejectionOf } from '../shared/rejection.ts'
import { stopClients } from '../shared/stop-clients.ts'
import { abandonedCluster } from './disaster.ts'
import { besidesPrefix } from './expectations.ts'
import { namesOf, restoreCluster } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

const root = { name: 'root', password: 'root-secret' }
const reader = { name: 'reader', password: 'reader-secret' }
const lateUser = { name: 'late', password: 'late-secret' }

export const users: readonly Scenario[] = [
  {
    ...abandonedCluster,
    id: 'snapshot-restore/users-restored',
    title: 'A restore keeps users, roles and enabled authentication',
    depth: 'full',
    withoutAuth: 'the scenario turns it on itself',
    act: async (drill) => {
      await stopClients(drill)
      const leader = await drill.cluster.leader()
      await addUsers(drill, leader)
      const asRoot = await logIn(drill, leader, root)
      const { content } = await takeSnapshot(drill, leader, asRoot)
      await etcd.userAdd(asRoot, lateUser)
      asRoot.close()
      await drill.inject(faults.destroy, drill.cluster.members)
      const names = namesOf(drill.cluster.members)
      await restoreCluster(drill, { content, names, awaitHealthy: false })
      const [member] = drill.cluster.members as [Member]
      await expectUsers(drill, member)
    },
  },
]

/** Adds a role that may read the keys beside the workload and nothing else; enables authentication. */
async function addUsers(drill: Drill, leader: Member): Promise<void> {
  const client = drill.client(leader)
  await etcd.put(client, { key: `${besidesPrefix}secret`, value: 'kept' })
  for (const { name } of [root, reader]) await etcd.roleAdd(client, name)
  const range = { key: besidesPrefix, end: etcd.prefixEnd(besidesPrefix) }
  await etcd.roleGrant(client, reader.name, { may: 'read', ...range })
  for (const user of [root, reader]) {
    await etcd.userAdd(client, user)
    await etcd.userGrantRole(client, { user: user.name, role: user.name })
  }
  drill.window('authentication-on', 'changes', drill.cluster.members)
  await etcd.authEnable(client)
}

async function expectUsers(drill: Drill, member: Member): Promise<void> {
  const client = drill.client(member)
  const key = `${besidesPrefix}secret`
  const asReader = await drill.becomes(
    'restored-user-authenticates',
    'a restored user to authenticate',
    async () => done(await logIn(drill, member, reader)),
    { deadlineMs: drill.deadlines.healthyMs },
  )
  const nameless = await rejectionOf(etcd.range(client, { key }, longTimeout))
  const isCertified = drill.cluster.spec.tls.client === 'mutual'
  drill.expect(
    'restored-auth-identifies-client',
    'a request without a token acts as the certificate’s user, and is rejected without one',
    isCertified ? nameless === undefined : isError(nameless, etcdErrors.userNameEmpty),
    formatRejection(nameless),
  )
  const own = await rejectionOf(etcd.range(asReader, { key }))
  drill.expect(
    'restored-user-reads-own-keys',
    'a restored user reads what its role allows',
    own === undefined,
    formatRejection(own),
  )
  const other = await rejectionOf(etcd.range(asReader, { key: 'k0' }))
  drill.expect(
    'restored-user-reads-no-other-keys',
    'a restored user reads nothing else',
    isError(other, etcdErrors.permissionDenied),
    formatRejection(other),
  )
  const write = await rejectionOf(etcd.put(asReader, { key, value: 'changed' }))
  drill.expect(
    'restored-user-writes-nothing',
    'a restored user without write permission writes nothing',
    isError(write, etcdErrors.permissionDenied),
    formatRejection(write),
  )
  asReader.close()
  const wrong = await rejectionOf(logIn(drill, member, { ...reader, password: 'wrong' }))
  drill.expect(
    'restored-auth-rejects-wrong-password',
    'a wrong password is rejected',
    isError(wrong, etcdErrors.wrongPassword),
    formatRejection(wrong),
  )
  const late = await rejectionOf(logIn(drill, member, lateUser))
  drill.expect(
    'later-user-is-absent',
    'a user added after the snapshot does not exist',
    isError(late, etcdErrors.wrongPassword),
    formatRejection(late),
  )
}
