import 'reflect-metadata'
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { KeyPair } from './keys.ts'
import { type CertificateContent, type Subject, subjectEntries } from './profiles.ts'

const curve = { name: 'ECDSA', namedCurve: 'P-256' }

/** Writes an ECDSA P-256 certificate signed (SHA-256) by the issuer's key; PEM. */
export async function writeEcdsaCertificate(
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
      signingAlgorithm: { ...curve, hash: 'SHA-256' },
      extensions: [
        ...extensions(content),
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

function extensions({ authority, usages, sans }: CertificateContent): x509.Extension[] {
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags
  const extended = [
    ...(usages?.serverAuth ? [x509.ExtendedKeyUsage.serverAuth] : []),
    ...(usages?.clientAuth ? [x509.ExtendedKeyUsage.clientAuth] : []),
  ]
  const names = sans.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const)
  return [
    new x509.BasicConstraintsExtension(authority, undefined, true),
    new x509.KeyUsagesExtension(authority ? keyCertSign | cRLSign : digitalSignature, true),
    ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ]
}

async function importPublic({ publicPem }: KeyPair): Promise<webcrypto.CryptoKey> {
  const der = createPublicKey(publicPem).export({ type: 'spki', format: 'der' })
  return webcrypto.subtle.importKey('spki', der, curve, true, ['verify'])
}

async function importPrivate({ privatePem }: KeyPair): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(privatePem).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, curve, false, ['sign'])
}
