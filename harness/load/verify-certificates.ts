import { once } from 'node:events'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { EnvironmentError, GuaranteeBrokenError, messageOf } from '../core/errors.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { Target } from './generator.ts'

/**
 * Connects to every target once and verifies its certificate against the CA and its host, for
 * clients that do not. Returns the SHA-256 of each member's certificate; undefined without TLS.
 * Throws a GuaranteeBrokenError for an invalid certificate, an EnvironmentError without a connection.
 */
export async function verifyCertificates(
  targets: readonly Target[],
  options: { readonly credentials?: TlsCredentials | undefined; readonly timeoutMs: number },
): Promise<Record<string, string> | undefined> {
  const shown = await Promise.all(targets.map((target) => verify(target, options)))
  const pairs = shown.flatMap((sha256, index) =>
    sha256 === undefined ? [] : [[targets[index]?.member ?? '', sha256] as const],
  )
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

async function verify(
  { member, endpoint }: Target,
  { credentials, timeoutMs }: Parameters<typeof verifyCertificates>[1],
): Promise<string | undefined> {
  const { protocol, hostname, port } = new URL(endpoint)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const address = { host, port: Number(port) }
  if (protocol === 'http:') {
    const socket = connectPlain(address)
    await until('connect', socket, { member, timeoutMs }).finally(() => socket.destroy())
    return undefined
  }
  const { caPem: ca, certPem: cert, keyPem: key } = credentials ?? {}
  // The connection itself accepts any certificate, so that an invalid one has an error of its own.
  const socket = connect({ ...address, ca, cert, key, rejectUnauthorized: false })
  try {
    await until('secureConnect', socket, { member, timeoutMs })
    if (socket.authorized) return socket.getPeerCertificate().fingerprint256
    const found = messageOf(socket.authorizationError)
    throw new GuaranteeBrokenError(
      `Expected ${member} to show a certificate of the cluster's CA for ${host}, got: ${found}`,
      { expectation: 'member-shows-trusted-certificate', member },
    )
  } finally {
    socket.destroy()
  }
}

async function until(
  event: 'connect' | 'secureConnect',
  socket: Socket,
  { member, timeoutMs }: { readonly member: string; readonly timeoutMs: number },
): Promise<void> {
  try {
    await once(socket, event, { signal: AbortSignal.timeout(timeoutMs) })
  } catch (thrown) {
    const found = messageOf(thrown)
    throw new EnvironmentError(
      `Expected ${member} to accept a connection, got: ${found}`,
      {},
      thrown,
    )
  }
}
