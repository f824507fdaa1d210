import { isIP, connect as tcpConnect } from 'node:net'
import { type DetailedPeerCertificate, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { DeadlineError } from '../core/errors.ts'
import { portOf } from '../core/network/port-of.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import type { CertificateView } from './checks/cluster-view.ts'

interface Target {
  readonly url: URL
  readonly timeoutMs: number
}

/** Connects and closes again. Rejects when nothing listens there, or at the deadline. */
export async function connectPort({ url, timeoutMs }: Target): Promise<true> {
  const socket = tcpConnect(placeOf(url))
  await awaitEvent(socket, 'connect', { url, timeoutMs })
  return true
}

/**
 * The certificates that a server shows, whatever they are worth: the handshake goes on with a name
 * that is wrong, a chain that ends nowhere, or one that has expired.
 */
export async function readCertificate(
  target: Target,
  credentials: TlsCredentials | undefined,
): Promise<CertificateView> {
  const { host, port } = placeOf(target.url)
  const socket = tlsConnect({
    host,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    ...(credentials && { ca: credentials.caPem }),
    ...(credentials?.certPem && { cert: credentials.certPem }),
    ...(credentials?.keyPem && { key: credentials.keyPem }),
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
    // The name is a check of its own, on what this returns.
    checkServerIdentity: () => undefined,
  })
  await awaitEvent(socket, 'secureConnect', target)
  return { chainPem: chainOf(socket), untrusted: socket.authorizationError?.toString() }
}

function placeOf(url: URL) {
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: portOf(url) }
}

type Socket = ReturnType<typeof tcpConnect>

/** Closes the socket in any case; what was read of it stays readable. */
async function awaitEvent(
  socket: Socket,
  event: string,
  { url, timeoutMs }: Target,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    reject(new DeadlineError(`Waited ${timeoutMs} ms for a connection to ${url.host}`))
  }, timeoutMs)
  socket.once(event, resolve)
  // After the handshake the server may still refuse our own certificate: an error without a listener.
  socket.on('error', reject)
  socket.once('close', () => reject(new Error(`${url.host} closed the connection`)))
  await promise.finally(() => {
    clearTimeout(timer)
    socket.destroySoon()
  })
}

function chainOf(socket: TLSSocket): readonly string[] {
  const chain: string[] = []
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  const seen = new Set<string>()
  while (next?.raw !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256)
    chain.push(toPem(next.raw))
    next = next.issuerCertificate
  }
  return chain
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
