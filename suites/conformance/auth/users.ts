import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

export const root = { name: 'root', password: 'root-secret' }
export const reader = { name: 'reader', password: 'reader-secret' }
export const writer = { name: 'writer', password: 'writer-secret' }

/** The range that both roles have permission for. */
export function partOf(prefix: string) {
  return { key: `${prefix}part/`, end: etcd.prefixEnd(`${prefix}part/`) }
}

/** The one key outside that range that the reader may read. */
export const singleOf = (prefix: string) => ({ key: `${prefix}single` })

export interface Users extends AsyncDisposable {
  readonly root: etcd.MemberClient
  readonly reader: etcd.MemberClient
  readonly writer: etcd.MemberClient
}

/** Each client uses another member than the one that issued its token. */
export async function logInUsers({ client }: TopicContext): Promise<Users> {
  const opened: etcd.MemberClient[] = []
  const open = async (user: etcd.UserAndPassword, index: number) => {
    const token = await etcd.authenticate(client(index + 1), user)
    const as = client(index).withToken(token)
    opened.push(as)
    return as
  }
  return {
    root: await open(root, 0),
    reader: await open(reader, 1),
    writer: await open(writer, 2),
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) each.close()
    },
  }
}
