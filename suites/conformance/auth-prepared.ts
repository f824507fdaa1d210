import { etcd } from '../../harness/index.ts'
import { partOf, reader, root, writer } from './auth-users.ts'
import type { TopicContext } from './topic.ts'

/** Users and roles can be had before the switch is on; without root it stays off. */
export async function prepared({ check, client, prefix, has }: TopicContext): Promise<void> {
  const [one, two] = [client(0), client(1)]
  await check.refused(
    'without a user root it cannot be switched on',
    'root user does not exist',
    () => etcd.authEnable(one),
  )
  await etcd.userAdd(one, root)
  await check.refused('nor while root has no role root', 'root user does not have root role', () =>
    etcd.authEnable(one),
  )
  await check.refused('a user has a name', 'user name is empty', () =>
    etcd.userAdd(one, { name: '', password: 'x' }),
  )
  await check.refused('a name is given once', 'user name already exists', () =>
    etcd.userAdd(two, root),
  )
  await check.refused('a role that is not there cannot be granted', 'role name not found', () =>
    etcd.userGrantRole(one, { user: root.name, role: 'nobody' }),
  )
  await etcd.roleAdd(one, 'root')
  await check.refused('a role is added once', 'role name already exists', () =>
    etcd.roleAdd(two, 'root'),
  )
  await etcd.userGrantRole(one, { user: root.name, role: 'root' })
  for (const [{ name }, may] of [
    [reader, 'read'],
    [writer, 'write'],
  ] as const) {
    await etcd.roleAdd(one, name)
    await etcd.roleGrant(one, name, { may, ...partOf(prefix) })
  }
  for (const user of [reader, writer]) {
    await etcd.userAdd(one, user)
    await etcd.userGrantRole(one, { user: user.name, role: user.name })
  }
  await check.equal('every user is listed', ['reader', 'root', 'writer'], async () => {
    return [...(await etcd.userList(two))].sort()
  })
  if (has('auth-status')) {
    await check.equal('the switch is said to be off', false, async () => {
      return (await etcd.authStatus(two)).enabled
    })
  } else {
    await check.refused('nobody says yet whether it is on', 'unknown method', () =>
      etcd.authStatus(two),
    )
  }
  await etcd.put(one, { key: `${prefix}part/a`, value: 'kept' })
  await etcd.put(one, { key: `${prefix}beside`, value: 'kept' })
}
