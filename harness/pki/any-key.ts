import 'reflect-metadata'
import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { KeyPair } from './keys.ts'
import { type CertificateContent, type Subject, subjectEntries } from './profiles.ts'

/** Writes a certificate of a key of any type, signed (SHA-256) by an issuer's of any type; PEM. */
export async function writeCertificate(
  content: CertificateContent,
  keys: { subject: KeyPair; issuer: KeyPair },
): Promise<string> {
  const publicKey = await importPublic(keys.subject)
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: content.serialHex,
      notBefore: content.notBefore,
      notAfter: content.notAfter,
      subject: name(content.subject),
      issuer: name(content.issuer),
      publicKey,
      signingKey: await importPrivate(keys.issuer),
      signingAlgorithm: algorithmOf(createPublicKey(keys.issuer.publicPem)),
      extensions: [
        ...extensions(content, keys.subject),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto as never),
        // It distinguishes two CAs of one name: while one replaces the other, both are trusted.
        await x509.AuthorityKeyIdentifierExtension.create(
          await importPublic(keys.issuer),
          false,
          webcrypto as never,
        ),
      ],
    },
    webcrypto as never,
  )
  return `${certificate.toString('pem')}\n`
}

function name(subject: Subject): x509.JsonName {
  return subjectEntries(subject).map(([shortName, value]) => ({ [shortName]: [value] }))
}

function extensions(
  { authority, usages, sans }: CertificateContent,
  { publicPem }: KeyPair,
): x509.Extension[] {
  const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags
  const isRsa = createPublicKey(publicPem).asymmetricKeyType === 'rsa'
  const usage = isRsa ? digitalSignature | keyEncipherment : digitalSignature
  const extended = [
    ...(usages?.serverAuth ? [x509.ExtendedKeyUsage.serverAuth] : []),
    ...(usages?.clientAuth ? [x509.ExtendedKeyUsage.clientAuth] : []),
  ]
  const names = sans.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const)
  return [
    new x509.BasicConstraintsExtension(authority, undefined, true),
    new x509.KeyUsagesExtension(authority ? keyCertSign | cRLSign : usage, true),
    ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ]
}

async function importPublic({ publicPem }: KeyPair): Promise<webcrypto.CryptoKey> {
  const key = createPublicKey(publicPem)
  const der = key.export({ type: 'spki', format: 'der' })
  return webcrypto.subtle.importKey('spki', der, algorithmOf(key), true, ['verify'])
}

/** For signing with SHA-256. */
export async function importPrivate({ privatePem }: KeyPair): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(privatePem)
  const der = key.export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, algorithmOf(key), false, ['sign'])
}

/** How a key of that type signs and is imported; OpenSSL has names of its own for the curves. */
export function algorithmOf(key: KeyObject) {
  const { namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const curve = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }[namedCurve]
  if (curve === undefined) throw new RangeError(`Expected a curve of NIST, got ${namedCurve}`)
  return { name: 'ECDSA', namedCurve: curve, hash: 'SHA-256' }
}
