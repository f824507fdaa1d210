import { InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import { issueServer } from '../pki/server.ts'
import type { Lie } from './lie.ts'
import { type MemberProxy, startProxy } from './proxy.ts'

/** A proxy before each member. */
export interface LyingRoute extends AsyncDisposable {
  to(endpoint: string): { readonly endpoint: string; readonly credentials: TlsCredentials }
  /** The number of lies so far. */
  lies(): number
}

/** The members behind the proxies; a Cluster is one. */
export interface ProxiedMembers {
  readonly members: readonly { readonly clientEndpoint: string }[]
  readonly credentials: Required<TlsCredentials> | undefined
}

/**
 * Starts one proxy for each member that the cluster has now, with certificates of its own. All
 * proxies share one state of the lie; without a lie they are honest. `to` throws an InputError for
 * an endpoint that has no proxy.
 */
export async function startLyingProxies(cluster: ProxiedMembers, lie?: Lie): Promise<LyingRoute> {
  const { caPem, client, server } = await issueServer()
  let lies = 0
  const interceptor = lie?.start(() => lies++) ?? {}
  await using started = new AsyncDisposableStack()
  const proxies = new Map<string, MemberProxy>()
  for (const { clientEndpoint: endpoint } of cluster.members) {
    const { credentials } = cluster
    const proxy = started.use(
      await startProxy({ endpoint, credentials, server, caPem, interceptor }),
    )
    proxies.set(endpoint, proxy)
  }
  const stack = started.move()
  return {
    to: (endpoint) => {
      const proxy = proxies.get(endpoint)
      if (proxy === undefined) {
        throw new InputError(`Expected a member that has a proxy, got \`${endpoint}\``)
      }
      return { endpoint: proxy.endpoint, credentials: { caPem, ...client } }
    },
    lies: () => lies,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
