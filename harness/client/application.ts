import { noop } from 'cockatiel'
import { Etcd3 } from 'etcd3'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import { serverName } from './channel.ts'

export interface ApplicationOptions {
  readonly endpoints: readonly string[]
  readonly credentials?: TlsCredentials | undefined
  /** Deadline of each attempt; etcd3 has no default. */
  readonly timeoutMs?: number
  /**
   * `application`: etcd3's default of three attempts over all endpoints and a circuit breaker, which
   * repeats puts with an unknown outcome. `once`: one attempt, as a history needs it.
   */
  readonly attempts: 'application' | 'once'
}

/** The `etcd3` package as an application uses it. The caller closes it with `close()`. */
export function openApplicationClient(options: ApplicationOptions): Etcd3 {
  const { endpoints, credentials, timeoutMs, attempts } = options
  return new Etcd3({
    hosts: [...endpoints],
    ...(credentials !== undefined && { credentials: etcd3Credentials(credentials) }),
    ...(timeoutMs !== undefined && {
      defaultCallOptions: () => ({ deadline: Date.now() + timeoutMs }),
    }),
    ...(attempts === 'once' && { faultHandling: noFaultHandling }),
    grpcOptions: {
      ...serverName(new URL(endpoints[0] ?? 'http://localhost').hostname),
      ...(attempts === 'once' && onceOptions),
    },
  })
}

const noFaultHandling = { host: () => noop, global: noop }
const onceOptions = {
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.use_local_subchannel_pool': 1,
}

function etcd3Credentials({ caPem, certPem, keyPem }: TlsCredentials) {
  return {
    rootCertificate: Buffer.from(caPem),
    ...(certPem !== undefined && { certChain: Buffer.from(certPem) }),
    ...(keyPem !== undefined && { privateKey: Buffer.from(keyPem) }),
  }
}
