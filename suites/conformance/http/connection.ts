import {
  agentFor,
  type HttpResponse,
  type Member,
  sendOnce,
  type TlsCredentials,
} from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

/** Requests over HTTP to one member's port for clients, with a connection of their own. */
export interface Http extends Disposable {
  get(path: string): Promise<HttpResponse>
  post(path: string, body: object | string): Promise<HttpResponse>
}

const timeoutMs = 5_000

/** With the cluster's credentials by default; an index beyond the last member wraps around. */
export function http({ drill }: TopicContext, index: number, pem?: TlsCredentials): Http {
  const { members, credentials } = drill.cluster
  const { httpEndpoint } = members[index % members.length] as Member
  return httpTo(httpEndpoint, pem ?? credentials)
}

export function httpTo(endpoint: string, pem: TlsCredentials | undefined): Http {
  const agent = agentFor(pem)
  const send = (path: string, body?: string) =>
    sendOnce({ url: new URL(path, endpoint), agent, timeoutMs, body })
  return {
    get: (path) => send(path),
    post: (path, body) => send(path, typeof body === 'string' ? body : JSON.stringify(body)),
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** A member that needs client certificates answers no client without one. */
export async function expectCertificateNeeded(context: TopicContext, path: string): Promise<void> {
  const { cluster } = context.drill
  const { credentials } = cluster
  if (cluster.spec.tls.client !== 'mutual' || credentials === undefined) return
  await context.check.holds(
    'endpoint-needs-certificate',
    `${path} answers no client without a certificate`,
    async () => {
      using asking = http(context, 0, { caPem: credentials.caPem })
      const said = await asking.get(path).then(
        ({ statusCode }) => `an answer ${statusCode}`,
        (thrown: NodeJS.ErrnoException) => `${thrown.code} ${thrown.message}`,
      )
      return { held: /certificate|ECONNRESET|EPIPE/i.test(said), found: said }
    },
  )
}
