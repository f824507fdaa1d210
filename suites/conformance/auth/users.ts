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

/** The users without the role root, at one member. */
export interface OrdinaryUsers {
  readonly reader: etcd.MemberClient
  readonly writer: etcd.MemberClient
}

export interface Users extends OrdinaryUsers, AsyncDisposable {
  readonly root: etcd.MemberClient
  /** At each member in turn: what one member enforces, another may not. */
  readonly everywhere: readonly OrdinaryUsers[]
}

/** Root, reader and writer each use another member than the one that issued their token. */
export async function logInUsers({ client, drill }: TopicContext): Promise<Users> {
  const opened: etcd.MemberClient[] = []
  const open = (token: string, index: number) => {
    const as = client(index).withToken(token)
    opened.push(as)
    return as
  }
  const tokenOf = (user: etcd.UserAndPassword, index: number) =>
    etcd.authenticate(client(index), user)
  const [ofRoot, ofReader, ofWriter] = [
    await tokenOf(root, 1),
    await tokenOf(reader, 2),
    await tokenOf(writer, 0),
  ]
  const everywhere = drill.cluster.members.map((_, index) => ({
    reader: open(ofReader, index),
    writer: open(ofWriter, index),
  }))
  return {
    root: open(ofRoot, 0),
    reader: open(ofReader, 1),
    writer: open(ofWriter, 2),
    everywhere,
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) each.close()
    },
  }
}
