import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { type Deny, denials } from './denials.ts'
import { partOf, reader as readerUser, type Users } from './users.ts'

/** etcd denies every other user what only root may do. */
export async function checkAdministration(context: TopicContext, users: Users): Promise<void> {
  const { has, prefix } = context
  const denied = denials(context, users)
  const deny: Deny = (id, what, request) => denied(id, `${what} by another user than root`, request)
  await deny('auth-disable-needs-root', 'disabling authentication', ({ writer }) =>
    etcd.authDisable(writer),
  )
  await deny('user-add-needs-root', 'adding a user', ({ reader }) =>
    etcd.userAdd(reader, { name: 'x', password: 'x' }),
  )
  await deny('password-change-needs-root', 'changing a password', ({ writer }) =>
    etcd.userChangePassword(writer, { name: 'root', password: 'x' }),
  )
  await deny('role-assignment-needs-root', 'granting a role to a user', ({ reader }) =>
    etcd.userGrantRole(reader, { user: readerUser.name, role: 'root' }),
  )
  await deny('role-change-needs-root', 'granting a permission to a role', ({ reader }) =>
    etcd.roleGrant(reader, readerUser.name, { may: 'readwrite', ...partOf(prefix) }),
  )
  await deny('membership-needs-root', 'removing a member', ({ writer }) =>
    etcd.memberRemove(writer, '1'),
  )
  await deny('user-list-needs-root', 'listing the users', ({ reader }) => etcd.userList(reader))
  await deny('other-user-needs-root', 'reading the roles of another user', ({ writer }) =>
    etcd.userGet(writer, readerUser.name),
  )
  if (!has('maintenance-needs-root')) return
  const { memberId } = await etcd.status(users.root)
  await deny('compaction-needs-root', 'a compaction', ({ writer }) => etcd.compact(writer, 1))
  await deny('alarm-needs-root', 'raising an alarm', ({ writer }) =>
    etcd.raiseAlarm(writer, { memberId, type: 'NOSPACE' }),
  )
  await deny('defragmentation-needs-root', 'a defragmentation', ({ writer }) =>
    etcd.defragment(writer),
  )
  await deny('hash-needs-root', 'hashing the database', ({ reader }) => etcd.hashKV(reader))
  await deny('snapshot-needs-root', 'a snapshot', async ({ reader }) => {
    for await (const piece of etcd.snapshot(reader)) return `${piece.length} bytes`
    return 'nothing'
  })
}
