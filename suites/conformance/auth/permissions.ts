import { done, etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { partOf, reader as readerUser, singleOf, type Users } from './users.ts'

/** Every user does what its roles allow. */
export async function checkAllowed(
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
  await check.equal(
    'reader-may-read-single-key',
    'a user with permission for one key reads it',
    'kept',
    async () => (await etcd.range(reader, singleOf(prefix))).kvs[0]?.value,
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

/** etcd denies every user what its roles do not allow. */
export async function checkDenied(
  { check, collect, prefix }: TopicContext,
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
  await deny('permission-excludes-its-end', 'a read of the key at the end of the range', () =>
    etcd.range(reader, { key: part.end }),
  )
  await deny(
    'key-permission-is-no-prefix',
    'a read of a key that begins as the permitted one',
    () => etcd.range(reader, { key: `${singleOf(prefix).key}/a` }),
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
  await check.holds(
    'watch-needs-read-permission',
    'a watch of a key that the user may not read is cancelled',
    async () => {
      using collector = collect(etcd.watch(reader, { key: beside }))
      await collector.until('its cancellation', () => collector.responses.at(-1)?.canceled === true)
      const found = collector.responses.at(-1)?.cancelReason
      return { held: found?.includes('permission denied') === true, found }
    },
  )
  await check.holds(
    'permitted-watch-stays-open',
    'a watch of keys that the user may read stays open',
    async () => {
      using collector = collect(etcd.watch(reader, part))
      await collector.created()
      const found = collector.responses.at(-1)
      return { held: found?.canceled === false, found }
    },
  )
}

/** etcd denies every other user what only root may do. */
export async function checkAdministration(
  { check, has, prefix }: TopicContext,
  { root, reader, writer }: Users,
): Promise<void> {
  const deny = (id: string, what: string, request: () => Promise<unknown>) =>
    check.rejected(id, `${what} by another user than root is denied`, 'permission denied', request)
  await deny('auth-disable-needs-root', 'disabling authentication', () => etcd.authDisable(writer))
  await deny('user-add-needs-root', 'adding a user', () =>
    etcd.userAdd(reader, { name: 'x', password: 'x' }),
  )
  await deny('password-change-needs-root', 'changing a password', () =>
    etcd.userChangePassword(writer, { name: 'root', password: 'x' }),
  )
  await deny('role-assignment-needs-root', 'granting a role to a user', () =>
    etcd.userGrantRole(reader, { user: readerUser.name, role: 'root' }),
  )
  await deny('role-change-needs-root', 'granting a permission to a role', () =>
    etcd.roleGrant(reader, readerUser.name, { may: 'readwrite', ...partOf(prefix) }),
  )
  await deny('membership-needs-root', 'removing a member', () => etcd.memberRemove(writer, '1'))
  await deny('user-list-needs-root', 'listing the users', () => etcd.userList(reader))
  await deny('other-user-needs-root', 'reading the roles of another user', () =>
    etcd.userGet(writer, readerUser.name),
  )
  if (!has('maintenance-needs-root')) return
  const { memberId } = await etcd.status(root)
  await deny('compaction-needs-root', 'a compaction', () => etcd.compact(writer, 1))
  await deny('alarm-needs-root', 'raising an alarm', () =>
    etcd.raiseAlarm(writer, { memberId, type: 'NOSPACE' }),
  )
  await deny('defragmentation-needs-root', 'a defragmentation', () => etcd.defragment(writer))
  await deny('hash-needs-root', 'hashing the database', () => etcd.hashKV(reader))
  await deny('snapshot-needs-root', 'a snapshot', async () => {
    for await (const piece of etcd.snapshot(reader)) return `${piece.length} bytes`
    return 'nothing'
  })
}
