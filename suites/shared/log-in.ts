import { type Drill, etcd, type Member } from '../../harness/index.ts'
import { connectTo } from './connect.ts'
import { longTimeout } from './rejection.ts'

/** A client that acts as the user; the caller closes it. Rejects when etcd does not know the user. */
export async function logIn(
  { cluster, client }: Drill,
  member: Member,
  user: etcd.UserAndPassword,
): Promise<etcd.MemberClient> {
  const token = await etcd.authenticate(client(member), user, longTimeout)
  return connectTo(member, { credentials: cluster.credentials, token })
}
