import { randomBytes } from 'node:crypto'
import type { KeyPair, KeyType } from './keys.ts'
import { type CertificateContent, type Profile, type Subject, usagesOf } from './profiles.ts'

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
  readonly profile: Profile
  readonly subject: Subject
  readonly sans: readonly string[]
  readonly key: KeyPair
  readonly validity?: ValidityOptions | undefined
}

const dayMs = 24 * 3_600_000
export const caSubject: Subject = { commonName: 'etcd-ca' }

/** A self-signed CA of ten years; PEM. */
export function signCa(type: KeyType, key: KeyPair): Promise<string> {
  const content = {
    ...identity(caSubject, { notAfter: new Date(Date.now() + 3_650 * dayMs) }),
    authority: true,
    sans: [],
  }
  return write(type, content, { subject: key, issuer: key })
}

/** A leaf's certificate, signed by the CA's key, with the leaf's own key. */
export async function signLeaf(
  type: KeyType,
  ca: KeyPair,
  request: LeafRequest,
): Promise<IssuedPair> {
  const content = {
    ...identity(request.subject, request.validity),
    authority: false,
    usages: usagesOf[request.profile],
    sans: request.sans,
  }
  const certPem = await write(type, content, { subject: request.key, issuer: ca })
  return { certPem, keyPem: request.key.privatePem }
}

function identity(subject: Subject, validity: ValidityOptions = {}) {
  return {
    serialHex: randomSerial(),
    subject,
    issuer: caSubject,
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

/** Each library is loaded only when its key type is used: loading costs start-up time. */
async function write(
  type: KeyType,
  content: CertificateContent,
  keys: { subject: KeyPair; issuer: KeyPair },
): Promise<string> {
  if (type === 'rsa-2048') {
    const { writeRsaCertificate } = await import('./rsa.ts')
    return writeRsaCertificate(content, keys)
  }
  const { writeEcdsaCertificate } = await import('./ecdsa.ts')
  return writeEcdsaCertificate(content, keys)
}
