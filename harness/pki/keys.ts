import { generateKeyPair, type KeyObject } from 'node:crypto'
import { type ClusterSpec, keyTypeOf, type TlsSpec } from '../topology/spec.ts'

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

const curves = { 'ecdsa-p256': 'P-256', 'ecdsa-p384': 'P-384', 'ecdsa-p521': 'P-521' } as const
const modulusBits = { 'rsa-2048': 2048, 'rsa-3072': 3072, 'rsa-4096': 4096 } as const

/** Runs on the thread pool, so several at once use several cores. RSA 2048 takes some 50 ms. */
export function generateKey(type: KeyType): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicPem: string, privatePem: string) =>
      error === null ? resolve({ publicPem, privatePem }) : reject(error)
    if (isCurve(type)) generateKeyPair('ec', { namedCurve: curves[type], ...encodings }, done)
    else generateKeyPair('rsa', { modulusLength: modulusBits[type], ...encodings }, done)
  })
}

const isCurve = (type: KeyType): type is keyof typeof curves => Object.hasOwn(curves, type)

/** The type of a key in a certificate; undefined where it is one that we cannot make. */
export function keyTypeIn(key: KeyObject): KeyType | undefined {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  const isRsa = key.asymmetricKeyType === 'rsa'
  // OpenSSL's names of the same curves.
  const named = {
    prime256v1: 'ecdsa-p256',
    secp384r1: 'ecdsa-p384',
    secp521r1: 'ecdsa-p521',
  } as const
  const types: Readonly<Record<string, KeyType>> = named
  if (!isRsa) return types[namedCurve ?? '']
  return keyTypes.find((type) => !isCurve(type) && modulusBits[type] === modulusLength)
}

const keyTypes = [...Object.keys(modulusBits), ...Object.keys(curves)] as KeyType[]

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
export async function prepareKeys({ tls, members: all }: ClusterSpec): Promise<PreparedKeys> {
  const [ca, client, members] = await Promise.all([
    generateKey(keyTypeOf(tls, 'ca')),
    generateKey(keyTypeOf(tls, 'client')),
    Promise.all(all.map(async ({ name }) => [name, await prepareMember(tls)] as const)),
  ])
  return { ca, client, members: Object.fromEntries(members) }
}

/** Fresh keys of one member. */
export async function prepareMember(tls: TlsSpec): Promise<PreparedKeys['members'][string]> {
  const [server, peer] = await Promise.all([
    generateKey(keyTypeOf(tls, 'server')),
    generateKey(keyTypeOf(tls, 'peer')),
  ])
  return { server, peer }
}
