import { openGrpc } from '../core/grpc.ts'
import { agentFor, sendOnce } from '../core/http.ts'
import { type ProtobufFields, readProtobuf } from '../core/protobuf.ts'
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
}): Probe {
  const { endpoint, credentials } = options
  let agent = agentFor(credentials)
  const grpc = openGrpc(endpoint, credentials)
  const send = (path: string, timeoutMs: number) =>
    sendOnce({ url: new URL(path, endpoint), agent, timeoutMs })
  return {
    // Not through the JSON gateway: the user may have switched it off.
    status: async (timeoutMs) =>
      statusFrom(await grpc.call('/etcdserverpb.Maintenance/Status', Buffer.alloc(0), timeoutMs)),
    isHealthy: async (timeoutMs) => {
      const answer = await send('/health', timeoutMs).catch(() => undefined)
      return answer?.statusCode === 200 && /"health":\s*"?true/.test(answer.body)
    },
    reset: () => {
      agent.destroy()
      grpc.close()
      agent = agentFor(credentials)
    },
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
