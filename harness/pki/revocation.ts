import { createPublicKey, webcrypto, X509Certificate } from 'node:crypto'
import { dayMs } from '../core/durations.ts'
import type { KeyPair } from './keys.ts'
import { type Subject, subjectEntries } from './profiles.ts'

/**
 * The CA's list of revoked certificates, signed by its key; DER. etcd compares serial numbers alone
 * (client/pkg/transport, checkCRL). The library is loaded only here: loading costs start-up time.
 */
export async function signRevocationList(
  ca: { readonly subject: Subject; readonly key: KeyPair },
  certPems: readonly string[],
): Promise<Uint8Array> {
  await import('reflect-metadata')
  const { X509CrlGenerator } = await import('@peculiar/x509')
  const { algorithmOf, importPrivate } = await import('./any-key.ts')
  const list = await X509CrlGenerator.create(
    {
      issuer: subjectEntries(ca.subject).map(([field, value]) => ({ [field]: [value] })),
      thisUpdate: new Date(),
      nextUpdate: new Date(Date.now() + dayMs),
      entries: certPems.map((pem) => ({ serialNumber: new X509Certificate(pem).serialNumber })),
      signingAlgorithm: algorithmOf(createPublicKey(ca.key.publicPem)),
      signingKey: await importPrivate(ca.key),
    },
    webcrypto as never,
  )
  return new Uint8Array(list.rawData)
}
