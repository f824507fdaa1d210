import { agentFor, sendOnce } from '../core/http.ts'
import type { TlsCredentials } from '../core/tls-credentials.ts'
import type { MemberStatus } from './types.ts'

/** Requests to one member, over kept-alive connections that verify its certificate. Each is tried once. */
export interface Probe {
  status(timeoutMs: number): Promise<MemberStatus>
  isHealthy(timeoutMs: number): Promise<boolean>
  /** Drops its connections, as after a restart: a stale one would fail the next call. */
  reset(): void
}

export function probeOf(options: {
  readonly endpoint: string
  readonly credentials: TlsCredentials | undefined
  /** `/v3`, or `/v3beta` of 3.3. */
  readonly gatewayPrefix: string
}): Probe {
  const { endpoint, gatewayPrefix } = options
  let agent = agentFor(options.credentials)
  const send = (path: string, timeoutMs: number, body?: string) =>
    sendOnce({ url: new URL(path, endpoint), agent, timeoutMs, body })
  return {
    status: async (timeoutMs) => {
      const { statusCode, body } = await send(
        `${gatewayPrefix}/maintenance/status`,
        timeoutMs,
        '{}',
      )
      if (statusCode === 200) return statusFrom(JSON.parse(body))
      throw new Error(
        `Expected a status from ${endpoint}, got ${statusCode}: ${body.slice(0, 200)}`,
      )
    },
    isHealthy: async (timeoutMs) => {
      const answer = await send('/health', timeoutMs).catch(() => undefined)
      return answer?.statusCode === 200 && /"health":\s*"?true/.test(answer.body)
    },
    reset: () => {
      agent.destroy()
      agent = agentFor(options.credentials)
    },
  }
}

/** The gateway writes 64-bit numbers as decimal strings and leaves out what is zero or false. */
interface GatewayStatus {
  readonly header?: Readonly<Record<string, string>>
  readonly version?: string
  readonly dbSize?: string
  readonly leader?: string
  readonly raftIndex?: string
  readonly raftTerm?: string
  readonly isLearner?: boolean
  readonly errors?: readonly string[]
}

function statusFrom(status: GatewayStatus): MemberStatus {
  const leaderId = hexadecimal(status.leader)
  return {
    memberId: hexadecimal(status.header?.member_id),
    clusterId: hexadecimal(status.header?.cluster_id),
    leaderId: leaderId === '0' ? null : leaderId,
    term: Number(status.raftTerm ?? 0),
    revision: Number(status.header?.revision ?? 0),
    raftIndex: Number(status.raftIndex ?? 0),
    dbSizeBytes: Number(status.dbSize ?? 0),
    version: status.version ?? '',
    learner: status.isLearner ?? false,
    errors: status.errors ?? [],
  }
}

function hexadecimal(decimal: string | undefined): string {
  return BigInt(decimal ?? 0).toString(16)
}
