import { X509Certificate } from 'node:crypto'
import { basename } from 'node:path/posix'
import { hourMs } from '../core/durations.ts'
import { InputError, messageOf } from '../core/errors.ts'
import type { CertificateShape, CertificateShapes } from '../topology/spec.ts'
import { keyTypeIn } from './keys.ts'
import type { ExtendedUsages, Profile, Subject } from './profiles.ts'

/** A file of a user's PKI, whose keys are not needed. */
export interface PkiText {
  readonly path: string
  readonly text: string
}

/**
 * What the certificates of a user's own etcd have: keys, subjects, usages, lifetimes and DNS names. Which
 * processes show a certificate is known from its file's name (cfssl's, kubeadm's, kubespray's), else from
 * its usages; of several of a kind the first by name counts. Throws an InputError for certificates that
 * no cluster could run with.
 */
export function readCertificateShapes(files: readonly PkiText[]): CertificateShapes {
  const all = files
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .flatMap((file) => {
      const certificate = readCertificate(file)
      return certificate === undefined ? [] : [{ path: file.path, certificate }]
    })
  const leaves = all.filter(({ certificate }) => !certificate.ca)
  const [server, peer, client] = (['server', 'peer', 'client'] as const).map((kind) =>
    findLeaf(kind, leaves),
  )
  const issuer = all.find(
    ({ certificate }) => certificate.ca && (server ?? peer)?.certificate.checkIssued(certificate),
  )
  const ca = issuer ?? all.find(({ certificate }) => certificate.ca)
  for (const [kind, found] of Object.entries({ server, peer, client })) {
    if (found !== undefined) expectUsable(kind as Profile, found)
  }
  return {
    ...(ca && { ca: shapeOf(ca) }),
    ...(server && { server: shapeOf(server) }),
    ...(peer && { peer: shapeOf(peer) }),
    ...(client && { client: shapeOf(client) }),
  }
}

interface Found {
  readonly path: string
  readonly certificate: X509Certificate
}

/** The first certificate of a file, which is its leaf; undefined for a key or a revocation list. */
function readCertificate({ path, text }: PkiText): X509Certificate | undefined {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return undefined
  try {
    return new X509Certificate(text)
  } catch (thrown) {
    throw new InputError(`${path}: expected a certificate, got ${messageOf(thrown)}`, { path })
  }
}

/** The kind that a file's name says, for which its usages must do. */
const namedKinds: readonly (readonly [RegExp, Profile])[] = [
  [/peer/, 'peer'],
  [/client/, 'client'],
  [/server/, 'server'],
]

/** kubespray's `member-…` is good for both doors of a member, `admin-…` and `node-…` are its clients. */
const usualNames: Readonly<Record<Profile, RegExp>> = {
  server: /^member/,
  peer: /^member/,
  client: /^(admin|node)/,
}

/** By its name, else by one of the usual names, else any whose usages do. */
function findLeaf(kind: Profile, leaves: readonly Found[]): Found | undefined {
  const others = leaves.filter((leaf) => namedKind(leaf) === undefined && isGoodFor(kind, leaf))
  return (
    leaves.find((leaf) => namedKind(leaf) === kind) ??
    others.find((leaf) => usualNames[kind].test(basename(leaf.path))) ??
    others[0]
  )
}

function namedKind({ path }: Found): Profile | undefined {
  return namedKinds.find(([name]) => name.test(basename(path)))?.[1]
}

/** A member is a server and a client to the others. */
function isGoodFor(kind: Profile, { certificate }: Found): boolean {
  const { serverAuth, clientAuth } = usagesIn(certificate)
  return (kind === 'client' || serverAuth) && (kind === 'server' || clientAuth)
}

/** Without the extension a certificate is good for all. */
function usagesIn({ keyUsage }: X509Certificate): ExtendedUsages {
  // Node's types forget that it is undefined without the extension.
  const usages: readonly string[] | undefined = keyUsage
  return {
    serverAuth: usages?.includes('1.3.6.1.5.5.7.3.1') ?? true,
    clientAuth: usages?.includes('1.3.6.1.5.5.7.3.2') ?? true,
  }
}

/** etcd refuses a certificate without the usage that it needs. */
function expectUsable(kind: Profile, leaf: Found): void {
  if (isGoodFor(kind, leaf)) return
  const [wanted, got] = usagesIn(leaf.certificate).serverAuth
    ? ['client', 'server']
    : ['server', 'client']
  throw new InputError(
    `${leaf.path}: expected the certificate of a ${kind} to be good for ${wanted} authentication, got ${got} authentication alone: etcd refuses it`,
    { path: leaf.path },
  )
}

function shapeOf({ path, certificate }: Found): CertificateShape {
  const key = keyTypeIn(certificate.publicKey)
  const expect = (wanted: string, got: string) => {
    throw new InputError(`${path}: expected ${wanted}, got ${got}`, { path })
  }
  if (key === undefined) {
    const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey
    const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {}
    const got = [asymmetricKeyType, namedCurve ?? modulusLength].filter(Boolean).join(' ')
    return expect(
      'an RSA key of 2048, 3072 or 4096 bits or an ECDSA key on P-256, P-384 or P-521',
      got,
    )
  }
  const validMs = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)
  if (validMs < hourMs) return expect('a certificate valid for an hour or longer', `${validMs} ms`)
  const { commonName, ...subject } = subjectOf(certificate)
  const dnsNames = dnsNamesOf(certificate)
  // A member's own name is another member's in this cluster.
  const isOwnName = !certificate.ca && (commonName === undefined || dnsNames.includes(commonName))
  return {
    key,
    subject: { ...subject, ...(commonName !== undefined && !isOwnName && { commonName }) },
    validMs,
    ...usagesIn(certificate),
    dnsNames: dnsNames.filter((name) => name !== 'localhost'),
  }
}

function subjectOf(certificate: X509Certificate): Partial<Subject> {
  const fields = certificate.toLegacyObject().subject as unknown as Readonly<
    Record<string, string | readonly string[] | undefined>
  >
  const first = (field: string) => {
    const value = fields[field]
    return typeof value === 'object' ? value[0] : value
  }
  const named = {
    commonName: first('CN'),
    organization: first('O'),
    organizationalUnit: first('OU'),
    country: first('C'),
    state: first('ST'),
    locality: first('L'),
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}

function dnsNamesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return [...subjectAltName.matchAll(/DNS:([^,"\s]+)/g)].map(([, name = '']) => name)
}
