import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import type { KeyPair, KeyType } from './keys.ts'
import { caSubject } from './sign.ts'

const algorithms = {
  'rsa-2048': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'ecdsa-p256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const satisfies Record<KeyType, object>

const dayMs = 24 * 3_600_000

/**
 * The CA's list of revoked certificates, signed by its key; DER. etcd compares serial numbers alone
 * (client/pkg/transport, checkCRL). The library is loaded only here: loading costs start-up time.
 */
export async function signRevocationList(
  { type, ca }: { readonly type: KeyType; readonly ca: KeyPair },
  certPems: readonly string[],
): Promise<Uint8Array> {
  await import('reflect-metadata')
  const { X509CrlGenerator } = await import('@peculiar/x509')
  const algorithm = algorithms[type]
  const der = createPrivateKey(ca.privatePem).export({ type: 'pkcs8', format: 'der' })
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
  const list = await X509CrlGenerator.create(
    {
      issuer: [{ CN: [caSubject.commonName] }],
      thisUpdate: new Date(),
      nextUpdate: new Date(Date.now() + dayMs),
      entries: certPems.map((pem) => ({ serialNumber: new X509Certificate(pem).serialNumber })),
      signingAlgorithm: algorithm,
      signingKey,
    },
    webcrypto as never,
  )
  return new Uint8Array(list.rawData)
}
