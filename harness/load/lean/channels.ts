import { readFileSync } from 'node:fs'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'
import type { CredentialFiles, Load } from '../generator.ts'
import { type Channel, openHttp2Channel } from '../http2/channel.ts'

export interface Channels extends Disposable {
  /** The channel that a client uses, always the same. */
  of(client: number): Channel
  /** Members with at least one channel that a client uses. */
  readonly members: readonly string[]
}

/**
 * More are no faster, and cost the members more: under TLS etcd hands gRPC to Go's HTTP server, which
 * writes to each connection what is ready on it, and so sends fewer and larger records on few.
 */
const connectionsEach = 2
/** The resolution of deadlines. */
const tickMs = 20

/** Connections to the targets, round robin; no more than there are clients. */
export function openChannels(load: Load): Channels {
  const { targets, clients, timeoutMs } = load
  const wanted = load.connections ?? connectionsEach * targets.length
  const count = Math.min(clients, wanted)
  const used = targets.slice(0, count)
  const channels = Array.from({ length: count }, (_, index) =>
    openHttp2Channel({
      endpoint: targets[index % targets.length]?.endpoint ?? '',
      credentials: () => readCredentials(load),
      timeoutMs,
    }),
  )
  const ticking = setInterval(() => {
    for (const channel of channels) channel.tick(performance.now())
  }, tickMs)
  return {
    of: (client) => channels[client % count] as Channel,
    members: used.map(({ member }) => member),
    [Symbol.dispose]: () => {
      clearInterval(ticking)
      for (const channel of channels) channel[Symbol.dispose]()
    },
  }
}

function readCredentials({ credentials, credentialFiles }: Load): TlsCredentials | undefined {
  return credentials ?? (credentialFiles && readCredentialFiles(credentialFiles))
}

/** The present content of the files. */
function readCredentialFiles({ ca, cert, key }: CredentialFiles): TlsCredentials {
  return {
    ...(ca !== undefined && { caPem: readFileSync(ca, 'utf8') }),
    ...(cert !== undefined && { certPem: readFileSync(cert, 'utf8') }),
    ...(key !== undefined && { keyPem: readFileSync(key, 'utf8') }),
  } as TlsCredentials
}
