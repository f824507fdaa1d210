import { etcd, type Member } from '../../harness/index.ts'

/**
 * A client of the scenario's own, over connections of its own; the caller closes it. A request waits
 * for five seconds unless the options say otherwise.
 */
export function connectTo(
  { name, clientEndpoint: endpoint }: Member,
  options: Partial<Pick<etcd.ConnectOptions, 'credentials' | 'timeoutMs' | 'token'>>,
): etcd.MemberClient {
  return etcd.connectMember({ timeoutMs: 5_000, ...options, member: name, endpoint })
}
