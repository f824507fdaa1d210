import { createPublicKey, randomBytes } from 'node:crypto'
import { dayMs } from '../core/durations.ts'
import type { KeyPair } from './keys.ts'
import type { CertificateContent, ExtendedUsages, Subject } from './profiles.ts'

export interface IssuedPair {
  readonly certPem: string
  /** PKCS #8. */
  readonly keyPem: string
}

export interface ValidityOptions {
  /** Default: five minutes ago, so that a clock slightly behind accepts it. */
  readonly notBefore?: Date
  /** Default: a year from now, as cfssl's profiles. */
  readonly notAfter?: Date
}

export interface LeafRequest {
  readonly usages: ExtendedUsages
  readonly subject: Subject
  readonly sans: readonly string[]
  readonly key: KeyPair
  readonly validity?: ValidityOptions | undefined
}

/** A CA's own certificate and what it signs with. */
export interface Authority {
  readonly subject: Subject
  readonly key: KeyPair
}

/** A self-signed CA, valid from five minutes ago; PEM. */
export function signCa({ subject, key }: Authority, validMs: number): Promise<string> {
  const notAfter = new Date(Date.now() + validMs)
  const content = {
    ...identity({ subject, issuer: subject }, { notAfter }),
    authority: true,
    sans: [],
  }
  return write(content, { subject: key, issuer: key })
}

/** A leaf's certificate, signed by the CA's key, with the leaf's own key. */
export async function signLeaf(ca: Authority, request: LeafRequest): Promise<IssuedPair> {
  const { subject, usages, sans, key, validity } = request
  const content = {
    ...identity({ subject, issuer: ca.subject }, validity),
    authority: false,
    usages,
    sans,
  }
  return { certPem: await write(content, { subject: key, issuer: ca.key }), keyPem: key.privatePem }
}

function identity(
  names: { readonly subject: Subject; readonly issuer: Subject },
  validity: ValidityOptions = {},
) {
  return {
    ...names,
    serialHex: randomSerial(),
    notBefore: validity.notBefore ?? new Date(Date.now() - 5 * 60_000),
    notAfter: validity.notAfter ?? new Date(Date.now() + 365 * dayMs),
  }
}

/** 127 random bits, positive and without a leading zero byte, as DER wants integers. */
function randomSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

/** Each library is loaded only when keys need it: loading costs start-up time. */
async function write(
  content: CertificateContent,
  keys: { subject: KeyPair; issuer: KeyPair },
): Promise<string> {
  const isRsa = ({ publicPem }: KeyPair) => createPublicKey(publicPem).asymmetricKeyType === 'rsa'
  if (isRsa(keys.subject) && isRsa(keys.issuer)) {
    const { writeRsaCertificate } = await import('./rsa.ts')
    return writeRsaCertificate(content, keys)
  }
  const { writeCertificate } = await import('./any-key.ts')
  return writeCertificate(content, keys)
}
