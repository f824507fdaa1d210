import { generateKeyPair } from 'node:crypto'
import type { ClusterSpec, TlsSpec } from '../topology/spec.ts'

export type KeyType = TlsSpec['key']

/** Both halves as PEM: SubjectPublicKeyInfo and PKCS #8. */
export interface KeyPair {
  readonly publicPem: string
  readonly privatePem: string
}

const encodings = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const

/** Runs on the thread pool, so several at once use several cores. RSA 2048 takes some 50 ms. */
export function generateKey(type: KeyType): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicPem: string, privatePem: string) =>
      error === null ? resolve({ publicPem, privatePem }) : reject(error)
    if (type === 'rsa-2048') generateKeyPair('rsa', { modulusLength: 2048, ...encodings }, done)
    else generateKeyPair('ec', { namedCurve: 'P-256', ...encodings }, done)
  })
}

/** Every key that a cluster's certificates need, none of them used before. */
export interface PreparedKeys {
  readonly ca: KeyPair
  readonly client: KeyPair
  readonly members: Readonly<Record<string, { readonly server: KeyPair; readonly peer: KeyPair }>>
}

/**
 * Generates the keys of a cluster. It needs no addresses, so start-up can begin with it and hand
 * the promise to `issueCluster` once the network is there.
 */
export async function prepareKeys(spec: ClusterSpec): Promise<PreparedKeys> {
  const { key } = spec.tls
  const [ca, client, members] = await Promise.all([
    generateKey(key),
    generateKey(key),
    Promise.all(spec.members.map(({ name }) => prepareMember(name, key))),
  ])
  return { ca, client, members: Object.fromEntries(members) }
}

async function prepareMember(name: string, type: KeyType) {
  const [server, peer] = await Promise.all([generateKey(type), generateKey(type)])
  return [name, { server, peer }] as const
}
