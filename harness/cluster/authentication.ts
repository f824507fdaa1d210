import { ToolError } from '../core/errors.ts'
import { authUsers, guestKeys, userKeys } from '../topology/auth-users.ts'
import type { Member } from './types.ts'

/** Creates the users and turns authentication on, as an administrator does it with etcdctl. */
export async function enableAuthentication(member: Member): Promise<void> {
  const { root, app, guest } = authUsers
  for (const { name, password } of [root, app, guest]) {
    await run(member, ['role', 'add', name])
    await run(member, ['user', 'add', `${name}:${password}`])
    await run(member, ['user', 'grant-role', name, name])
  }
  for (const [{ name }, { key, end }] of [
    [app, userKeys],
    [guest, guestKeys],
  ] as const) {
    await run(member, ['role', 'grant-permission', name, 'readwrite', key, end])
  }
  await run(member, ['auth', 'enable'])
}

async function run(member: Member, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await member.etcdctl(args)
  if (exitCode === 0) return
  const said = (stderr || stdout).trim().split('\n').at(-1) ?? ''
  throw new ToolError(`Expected etcdctl ${args.slice(0, 2).join(' ')} to work, got: ${said}`)
}
