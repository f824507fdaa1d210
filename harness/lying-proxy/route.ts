import { InputError } from '../core/errors.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import { issueServer } from '../pki/server.ts'
import type { Interceptor, Lie } from './lie.ts'
import { type MemberProxy, startProxy } from './proxy.ts'

/** A proxy before each member. */
export interface LyingRoute extends AsyncDisposable {
  to(endpoint: string): {
    readonly endpoint: string
    readonly credentials: TlsCredentials | undefined
  }
  /** The number of lies so far. */
  lies(): number
}

/** The members behind the proxies; a Cluster is one. */
export interface ProxiedMembers {
  readonly members: readonly { readonly clientEndpoint: string }[]
  readonly credentials: Required<TlsCredentials> | undefined
}

/**
 * Starts one proxy for each member that the cluster has now, with certificates of its own where the
 * members have TLS. All proxies share one state of the lie; without a lie they are honest. `to`
 * throws an InputError for an endpoint that has no proxy.
 */
export async function startLyingProxies(
  { members, credentials }: ProxiedMembers,
  lie?: Pick<Lie, 'every' | 'after' | 'start'>,
): Promise<LyingRoute> {
  const issued = credentials && (await issueServer())
  const own = issued && { caPem: issued.caPem, ...issued.client }
  const server = issued && { pair: issued.server, caPem: issued.caPem }
  const { isDue, lies } = countLies(lie)
  const interceptor: Interceptor = lie?.start(isDue) ?? {}
  await using started = new AsyncDisposableStack()
  const proxies = new Map<string, MemberProxy>()
  for (const [member, { clientEndpoint: endpoint }] of members.entries()) {
    const options = { endpoint, member, credentials, server, interceptor }
    proxies.set(endpoint, started.use(await startProxy(options)))
  }
  const stack = started.move()
  return {
    to: (endpoint) => {
      const proxy = proxies.get(endpoint)
      if (proxy === undefined) {
        throw new InputError(`Expected a member that has a proxy, got \`${endpoint}\``)
      }
      return { endpoint: proxy.endpoint, credentials: own }
    },
    lies,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Lies at every n-th opportunity, once the first ones have passed. */
function countLies({ every = 1, after = 0 }: Partial<Pick<Lie, 'every' | 'after'>> = {}) {
  let [opportunities, lies] = [0, 0]
  return {
    isDue: () => {
      opportunities++
      const isDue = opportunities > after && (opportunities - after) % every === 0
      if (isDue) lies++
      return isDue
    },
    lies: () => lies,
  }
}
