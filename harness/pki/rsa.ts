import { constants, createPrivateKey, privateEncrypt } from 'node:crypto'
import { isIP } from 'node:net'
import forge from 'node-forge'
import type { KeyPair } from './keys.ts'
import { type CertificateContent, type Subject, subjectEntries } from './profiles.ts'

/** Writes an RSA certificate signed (SHA-256) by the issuer's key; PEM. */
export async function writeRsaCertificate(
  content: CertificateContent,
  keys: { subject: KeyPair; issuer: KeyPair },
): Promise<string> {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.subject.publicPem)
  certificate.serialNumber = content.serialHex
  certificate.validity.notBefore = content.notBefore
  certificate.validity.notAfter = content.notAfter
  certificate.setSubject(attributes(content.subject))
  certificate.setIssuer(attributes(content.issuer))
  certificate.setExtensions([...extensions(content), issuerKeyIdentifier(keys.issuer)])
  certificate.sign(nativeSigner(keys.issuer), forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate)
}

function attributes(subject: Subject): forge.pki.CertificateField[] {
  return subjectEntries(subject).map(([shortName, value]) => ({ shortName, value }))
}

function extensions({ authority, usages, sans }: CertificateContent): object[] {
  const altNames = sans.map((san) =>
    isIP(san) === 0 ? { type: 2, value: san } : { type: 7, ip: san },
  )
  return [
    { name: 'basicConstraints', cA: authority, critical: true },
    authority
      ? { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }
      : { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    ...(usages === undefined ? [] : [{ name: 'extKeyUsage', ...usages }]),
    ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
    { name: 'subjectKeyIdentifier' },
  ]
}

/** It distinguishes two CAs of one name: while one replaces the other, both are trusted. */
function issuerKeyIdentifier({ publicPem }: KeyPair): object {
  const key = forge.pki.publicKeyFromPem(publicPem)
  const fingerprint = forge.pki.getPublicKeyFingerprint(key, { type: 'RSAPublicKey' })
  return { name: 'authorityKeyIdentifier', keyIdentifier: fingerprint.getBytes() }
}

/** DigestInfo of SHA-256 up to the digest itself (RFC 8017, section 9.2, note 1). */
const sha256Prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex')

/** forge signs in pure JavaScript, tens of times slower than OpenSSL; it needs only `sign` of a key. */
function nativeSigner({ privatePem }: KeyPair): forge.pki.rsa.PrivateKey {
  const key = createPrivateKey(privatePem)
  const sign = (digest: forge.md.MessageDigest): string => {
    const info = Buffer.concat([sha256Prefix, Buffer.from(digest.digest().getBytes(), 'binary')])
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info).toString('binary')
  }
  return { sign } as unknown as forge.pki.rsa.PrivateKey
}
