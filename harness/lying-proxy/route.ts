import type { Cluster } from '../cluster/types.ts'
import { InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import { issueCluster } from '../pki/authority.ts'
import { clusterSpec } from '../topology/presets.ts'
import type { Lie } from './lie.ts'
import { type MemberProxy, startProxy } from './proxy.ts'

/** A way to every member through a proxy of its own. */
export interface LyingRoute extends AsyncDisposable {
  to(endpoint: string): { readonly endpoint: string; readonly credentials: TlsCredentials }
  /** How often it has lied so far. */
  lies(): number
}

/**
 * One proxy a member that is there now, with certificates of its own, all of the same liar; without
 * a lie they are honest. Throws an InputError for an endpoint that was not there.
 */
export async function startLyingProxies(cluster: Cluster, lie?: Lie): Promise<LyingRoute> {
  const members = [{ name: 'proxy', architecture: 'amd64' as const }]
  const spec = clusterSpec({ members, tls: { key: 'ecdsa-p256' } })
  const { caPem, client, members: pairs } = await issueCluster(spec, { proxy: '127.0.0.1' })
  let lies = 0
  const liar = lie?.start(() => lies++) ?? {}
  await using started = new AsyncDisposableStack()
  const proxies = new Map<string, MemberProxy>()
  for (const { clientEndpoint: endpoint } of cluster.members) {
    const server = pairs.proxy?.server
    if (server === undefined) throw new RangeError('Expected a certificate of the proxy, got none')
    const { credentials } = cluster
    const proxy = started.use(await startProxy({ endpoint, credentials, server, caPem, liar }))
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
