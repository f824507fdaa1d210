import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { partOf, reader, root, singleOf, writer } from './users.ts'

/** Users and roles exist before authentication is enabled; enabling it needs root. */
export async function setUpAuth(context: TopicContext): Promise<void> {
  const { client, prefix } = context
  await createRoot(context)
  await createUsersAndRoles(context)
  await checkLists(context)
  await checkStatus(context)
  await etcd.put(client(0), { key: `${prefix}part/a`, value: 'kept' })
  await etcd.put(client(0), { key: `${prefix}beside`, value: 'kept' })
  await etcd.put(client(0), { ...singleOf(prefix), value: 'kept' })
}

async function createRoot({ check, client }: TopicContext): Promise<void> {
  const [one, two] = [client(0), client(1)]
  await check.rejected(
    'auth-enable-needs-root-user',
    'authentication cannot be enabled without a user root',
    'root user does not exist',
    () => etcd.authEnable(one),
  )
  await etcd.userAdd(one, root)
  await check.rejected(
    'auth-enable-needs-root-role',
    'authentication cannot be enabled while user root lacks role root',
    'root user does not have root role',
    () => etcd.authEnable(one),
  )
  await check.rejected(
    'user-needs-name',
    'a user without a name is rejected',
    'user name is empty',
    () => etcd.userAdd(one, { name: '', password: 'x' }),
  )
  await check.rejected(
    'user-name-unique',
    'a second user of the same name is rejected',
    'user name already exists',
    () => etcd.userAdd(two, root),
  )
  await check.rejected(
    'unknown-role-not-granted',
    'a role that does not exist cannot be granted',
    'role name not found',
    () => etcd.userGrantRole(one, { user: root.name, role: 'nobody' }),
  )
  await etcd.roleAdd(one, 'root')
  await check.rejected(
    'role-name-unique',
    'a second role of the same name is rejected',
    'role name already exists',
    () => etcd.roleAdd(two, 'root'),
  )
  await etcd.userGrantRole(one, { user: root.name, role: 'root' })
}

async function createUsersAndRoles({ client, prefix }: TopicContext): Promise<void> {
  const one = client(0)
  for (const [{ name }, may] of [
    [reader, 'read'],
    [writer, 'write'],
  ] as const) {
    await etcd.roleAdd(one, name)
    await etcd.roleGrant(one, name, { may, ...partOf(prefix) })
  }
  await etcd.roleGrant(one, reader.name, { may: 'read', ...singleOf(prefix) })
  for (const user of [reader, writer]) {
    await etcd.userAdd(one, user)
    await etcd.userGrantRole(one, { user: user.name, role: user.name })
  }
}

async function checkLists({ check, client, prefix }: TopicContext): Promise<void> {
  const two = client(1)
  await check.equal(
    'every-user-listed',
    'the list of users names every user',
    ['reader', 'root', 'writer'],
    async () => {
      return [...(await etcd.userList(two))].sort()
    },
  )
  await check.equal(
    'every-role-listed',
    'the list of roles names every role',
    ['reader', 'root', 'writer'],
    async () => {
      return [...(await etcd.roleList(two))].sort()
    },
  )
  await check.equal(
    'user-has-its-roles',
    'a user is answered with its roles',
    [['reader'], ['root']],
    async () => [await etcd.userGet(two, reader.name), await etcd.userGet(two, root.name)],
  )
  await check.equal(
    'role-has-its-permissions',
    'a role is answered with its permissions',
    [
      [
        { may: 'read', ...partOf(prefix) },
        { may: 'read', ...singleOf(prefix) },
      ],
      [{ may: 'write', ...partOf(prefix) }],
    ],
    async () => [await etcd.roleGet(two, reader.name), await etcd.roleGet(two, writer.name)],
  )
}

async function checkStatus({ check, client, has }: TopicContext): Promise<void> {
  const two = client(1)
  if (has('auth-status')) {
    await check.equal(
      'auth-status-disabled',
      'auth status says that authentication is disabled',
      false,
      async () => {
        return (await etcd.authStatus(two)).enabled
      },
    )
  } else {
    await check.rejected(
      'auth-status-unknown-method',
      'a version without auth status rejects the request as an unknown method',
      'unknown method',
      () => etcd.authStatus(two),
    )
  }
}
