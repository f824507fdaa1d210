import { once } from 'node:events'
import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { portOf } from '../../core/network/port-of.ts'
import type { TlsCredentials } from '../../core/network/tls-credentials.ts'

/** A connected socket; what it receives is not in its events. */
export interface DialedSocket {
  readonly socket: Socket
  /**
   * Calls `onBytes` with all that was received and that comes; to be called once. The bytes are valid
   * until it returns, since the next ones are read into their place: under TLS an answer of etcd is
   * two or three records, and a buffer for each cost more than their decryption.
   */
  receive(onBytes: (bytes: Buffer) => void): void
}

/**
 * A socket to `http://host:port`, or to `https://host:port`, whose certificate is verified against
 * the CA and the host. Throws when none is there in time, or the server does not speak HTTP/2.
 */
export async function dial(
  endpoint: URL,
  credentials: TlsCredentials | undefined,
  timeoutMs: number,
): Promise<DialedSocket> {
  const isTls = endpoint.protocol === 'https:'
  const host = endpoint.hostname.replace(/^\[(.*)\]$/, '$1')
  const { onread, receive } = createReceiver()
  const address = { host, port: portOf(endpoint), onread }
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
  return { socket: socket.setNoDelay(true), receive }
}

/** More than a record of TLS, whose limit is 16 KiB. */
const readBytes = 32 * 1_024

function createReceiver(): Pick<DialedSocket, 'receive'> & { readonly onread: OnReadOpts } {
  const early: Buffer[] = []
  let deliver = (bytes: Buffer): void => {
    early.push(Buffer.from(bytes))
  }
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  return {
    onread: {
      buffer,
      callback: (count) => {
        deliver(buffer.subarray(0, count))
        return true
      },
    },
    receive: (onBytes) => {
      deliver = onBytes
      for (const bytes of early.splice(0)) onBytes(bytes)
    },
  }
}
