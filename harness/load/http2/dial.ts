import { once } from 'node:events'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { portOf } from '../../core/network/port-of.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'

/**
 * A socket to `http://host:port`, or to `https://host:port`, whose certificate is verified against
 * the CA and the host. Throws when none is there in time, or the server does not speak HTTP/2.
 */
export async function dial(
  endpoint: URL,
  credentials: TlsCredentials | undefined,
  timeoutMs: number,
): Promise<Socket> {
  const isTls = endpoint.protocol === 'https:'
  const host = endpoint.hostname.replace(/^\[(.*)\]$/, '$1')
  const address = { host, port: portOf(endpoint) }
  const { caPem: ca, certPem: cert, keyPem: key } = credentials ?? {}
  const socket = isTls
    ? connectTls({ ...address, ca, cert, key, ALPNProtocols: ['h2'] })
    : connectPlain(address)
  try {
    const event = isTls ? 'secureConnect' : 'connect'
    await once(socket, event, { signal: AbortSignal.timeout(timeoutMs) })
    const protocol = isTls ? (socket as TLSSocket).alpnProtocol : 'h2'
    if (protocol !== 'h2') throw new Error(`Expected the server to speak h2, got ${protocol}`)
  } catch (thrown) {
    socket.destroy()
    throw thrown
  }
  return socket.setNoDelay(true)
}
