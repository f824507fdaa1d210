import { range } from '../client/kv.ts'
import { connectMember } from '../client/member-client.ts'
import { isServerRejection } from '../client/request-error.ts'
import { EnvironmentError, InputError, messageOf } from '../core/errors.ts'
import { agentFor, sendOnce } from '../core/network/http.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import {
  type CredentialFiles,
  type MemberMetrics,
  parseMetrics,
  type Target,
} from '../load/index.ts'
import { type BenchCluster, requestsTo } from './bench-cluster.ts'

/** A cluster that others run. */
export interface GivenEndpoints {
  readonly targets: readonly Target[]
  /** Undefined for http, as are the credentials in them. */
  readonly files: CredentialFiles | undefined
  readonly credentials: TlsCredentials | undefined
}

const timeoutMs = 60_000
const firstTimeoutMs = 5_000
const metricsTimeoutMs = 5_000

/**
 * Throws an EnvironmentError for the first endpoint that does not answer, and an InputError for one that
 * rejects a read of this client.
 */
export async function benchEndpoints(given: GivenEndpoints): Promise<BenchCluster> {
  const { targets, files, credentials } = given
  await Promise.all(targets.map(({ endpoint }) => expectAnswer(endpoint, credentials)))
  const [first] = targets
  const endpoint = first?.endpoint ?? ''
  const client = connectMember({ member: endpoint, endpoint, credentials, timeoutMs })
  const agent = agentFor(credentials)
  return {
    ...requestsTo(client),
    readMetrics: async () => {
      const read = targets.map(({ member, endpoint }) => readPage(member, endpoint, agent))
      return new Map((await Promise.all(read)).flat())
    },
    reach: async () => ({ targets, credentialFiles: files, gatewayPrefix: '/v3' }),
    // Whether old revisions may go is the user's to say.
    reclaim: async () => {},
    [Symbol.asyncDispose]: async () => {
      agent.destroy()
      client.close()
    },
  }
}

async function expectAnswer(
  endpoint: string,
  credentials: TlsCredentials | undefined,
): Promise<void> {
  const client = connectMember({
    member: endpoint,
    endpoint,
    credentials,
    timeoutMs: firstTimeoutMs,
  })
  try {
    await range(client, { key: 'none' })
  } catch (thrown) {
    const found = `got: ${messageOf(thrown)}`
    if (isServerRejection(thrown)) {
      throw new InputError(`Expected ${endpoint} to let this client read, ${found}`, {}, thrown)
    }
    throw new EnvironmentError(`Expected ${endpoint} to answer, ${found}`, {}, thrown)
  } finally {
    client.close()
  }
}

/** None where the client port shows none, as with `--listen-metrics-urls`. */
async function readPage(
  member: string,
  endpoint: string,
  agent: ReturnType<typeof agentFor>,
): Promise<(readonly [string, MemberMetrics])[]> {
  const url = new URL('/metrics', endpoint)
  try {
    const { statusCode, body } = await sendOnce({ url, agent, timeoutMs: metricsTimeoutMs })
    return statusCode === 200 ? [[member, parseMetrics(body)]] : []
  } catch (thrown) {
    if (thrown instanceof EnvironmentError) return []
    const found = messageOf(thrown)
    throw new EnvironmentError(`Expected ${url.href} to answer, got: ${found}`, {}, thrown)
  }
}
