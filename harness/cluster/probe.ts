import { messageOf } from '../core/errors.ts'
import { type GrpcConnection, openGrpc } from '../core/network/grpc.ts'
import { agentFor, sendOnce } from '../core/network/http.ts'
import { type ProtobufFields, readProtobuf } from '../core/network/protobuf.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { EtcdUser } from '../topology/auth-users.ts'
import type { MemberStatus } from './types.ts'

/**
 * Requests to one member, over kept-alive connections that verify its certificate. Each is tried once. It
 * connects again when the credentials are renewed.
 */
export interface Probe {
  status(timeoutMs: number): Promise<MemberStatus>
  isHealthy(timeoutMs: number): Promise<boolean>
  /** Drops its connections, as after a restart: a stale one would fail the next call. */
  reset(): void
  /** For good. */
  close(): void
}

/** Where and as whom a probe asks. */
export interface ProbeTarget {
  readonly endpoint: string
  readonly httpEndpoint: string
  readonly credentials: () => TlsCredentials | undefined
  /** The user that administers, where authentication is on and certificates do not name one. */
  readonly login: EtcdUser | undefined
}

export function probeOf({ endpoint, httpEndpoint, credentials, login }: ProbeTarget): Probe {
  let used = credentials()
  let agent = agentFor(used)
  let grpc = openGrpc(endpoint, used)
  let token: string | undefined
  const close = () => {
    agent.destroy()
    grpc.close()
  }
  const reset = () => {
    close()
    used = credentials()
    agent = agentFor(used)
    grpc = openGrpc(endpoint, used)
  }
  const resetIfRenewed = () => {
    if (used !== credentials()) reset()
  }
  const send = (path: string, timeoutMs: number) =>
    sendOnce({ url: new URL(path, httpEndpoint), agent, timeoutMs })
  return {
    // Not through the JSON gateway: the user may have switched it off.
    status: async (timeoutMs) => {
      resetIfRenewed()
      token ??= login && (await authenticate(grpc, login, timeoutMs))
      const path = '/etcdserverpb.Maintenance/Status'
      const answer = await grpc
        .call(path, Buffer.alloc(0), { timeoutMs, token })
        .catch((thrown) => {
          // It may be one that the member forgot when it restarted: the next attempt gets another.
          token = undefined
          throw thrown
        })
      return statusFrom(answer)
    },
    isHealthy: async (timeoutMs) => {
      resetIfRenewed()
      const answer = await send('/health', timeoutMs).catch(() => undefined)
      return answer?.statusCode === 200 && /"health":\s*"?true/.test(answer.body)
    },
    reset,
    close,
  }
}

/**
 * A token of the user; undefined where authentication is off, as before it is enabled and in a new
 * cluster.
 */
async function authenticate(
  grpc: GrpcConnection,
  { name, password }: EtcdUser,
  timeoutMs: number,
): Promise<string | undefined> {
  const text = (field: number, value: string) =>
    Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), Buffer.from(value)])
  const request = Buffer.concat([text(1, name), text(2, password)])
  try {
    const answer = await grpc.call('/etcdserverpb.Auth/Authenticate', request, { timeoutMs })
    return bytesAt(readProtobuf(answer), 2).toString()
  } catch (thrown) {
    if (/authentication is not enabled/.test(messageOf(thrown))) return undefined
    throw thrown
  }
}

/** Of etcd's StatusResponse and ResponseHeader: the numbers of the fields that are read here. */
const field = {
  header: 1,
  version: 2,
  dbSize: 3,
  leader: 4,
  raftIndex: 5,
  raftTerm: 6,
  errors: 8,
  isLearner: 10,
} as const
const headerField = { clusterId: 1, memberId: 2, revision: 3 } as const

function statusFrom(message: Buffer): MemberStatus {
  const status = readProtobuf(message)
  const header = readProtobuf(bytesAt(status, field.header))
  const leaderId = hexadecimal(numberAt(status, field.leader))
  return {
    memberId: hexadecimal(numberAt(header, headerField.memberId)),
    clusterId: hexadecimal(numberAt(header, headerField.clusterId)),
    leaderId: leaderId === '0' ? null : leaderId,
    term: Number(numberAt(status, field.raftTerm)),
    revision: Number(numberAt(header, headerField.revision)),
    raftIndex: Number(numberAt(status, field.raftIndex)),
    dbSizeBytes: Number(numberAt(status, field.dbSize)),
    version: bytesAt(status, field.version).toString(),
    learner: numberAt(status, field.isLearner) === 1n,
    errors: (status.get(field.errors) ?? []).map(String),
  }
}

/** protobuf leaves out what is zero. */
function numberAt(message: ProtobufFields, number: number): bigint {
  const value = message.get(number)?.at(-1)
  return typeof value === 'bigint' ? value : 0n
}

function bytesAt(message: ProtobufFields, number: number): Buffer {
  const value = message.get(number)?.at(-1)
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

function hexadecimal(value: bigint): string {
  return value.toString(16)
}
