import type { ClusterPki, ProxyPairs } from './authority.ts'
import type { KeyPair } from './keys.ts'

/** Where certificates lie in a member: as cfssl's guides name them, or as kubeadm does. */
export type LayoutName = 'cfssl' | 'kubeadm'

/** Absolute paths inside the member. The client's pair is there for etcdctl and probes. */
export interface CertificatePaths {
  readonly ca: string
  readonly server: PairPaths
  readonly peer: PairPaths
  readonly client: PairPaths
  /** Not a certificate: the keys with which members sign tokens and verify them. */
  readonly token: PairPaths
}

interface PairPaths {
  readonly cert: string
  readonly key: string
}

export interface PkiFile {
  readonly path: string
  readonly content: string
  readonly mode: 0o600 | 0o644
}

const cfssl = (directory: string): CertificatePaths => {
  const pair = (name: string) => ({
    cert: `${directory}/${name}.pem`,
    key: `${directory}/${name}-key.pem`,
  })
  return {
    ca: `${directory}/ca.pem`,
    server: pair('etcd-server'),
    peer: pair('etcd-peer'),
    client: pair('etcd-client'),
    token: pair('etcd-token'),
  }
}

const kubeadm = (directory: string): CertificatePaths => {
  const pair = (name: string) => ({
    cert: `${directory}/${name}.crt`,
    key: `${directory}/${name}.key`,
  })
  return {
    ca: `${directory}/ca.crt`,
    server: pair('server'),
    peer: pair('peer'),
    client: pair('healthcheck-client'),
    token: pair('token'),
  }
}

/** `directory` defaults to the one that the layout's own documents use. */
export function certificatePaths(layout: LayoutName, directory?: string): CertificatePaths {
  return layout === 'cfssl'
    ? cfssl(directory ?? '/etc/etcd/pki')
    : kubeadm(directory ?? '/etc/kubernetes/pki/etcd')
}

/**
 * What one member needs on its disk: the CA's certificate, its own two pairs and a client's. Keys
 * are 0600, certificates 0644; the CA's key is never among them. In kubeadm's layout the API
 * server's client pair lies one directory up, as `apiserver-etcd-client`.
 */
export function memberFiles(
  pki: Pick<ClusterPki, 'caPem' | 'client' | 'members'>,
  options: { member: string; layout: LayoutName; directory?: string },
): readonly PkiFile[] {
  const paths = certificatePaths(options.layout, options.directory)
  const own = pki.members[options.member]
  if (own === undefined) {
    throw new RangeError(`Expected certificates of \`${options.member}\` to have been issued`)
  }
  return [
    { path: paths.ca, content: pki.caPem, mode: 0o644 },
    ...pairFiles(paths.server, own.server),
    ...pairFiles(paths.peer, own.peer),
    ...pairFiles(paths.client, pki.client),
    ...(options.layout === 'kubeadm' ? pairFiles(apiServerPaths(paths.ca), pki.client) : []),
  ]
}

/** What a proxy that ends TLS needs on its disk; its pairs lie where a member has its own. */
export function proxyFiles(
  caPem: string,
  { server, client }: ProxyPairs,
  options: { layout: LayoutName; directory?: string },
): readonly PkiFile[] {
  const paths = certificatePaths(options.layout, options.directory)
  return [
    { path: paths.ca, content: caPem, mode: 0o644 },
    ...pairFiles(paths.server, server),
    ...pairFiles(paths.client, client),
  ]
}

/** The keys of tokens, the same at every member. */
export function tokenFiles(
  { publicPem, privatePem }: KeyPair,
  options: { layout: LayoutName; directory?: string },
): readonly PkiFile[] {
  const { token } = certificatePaths(options.layout, options.directory)
  return pairFiles(token, { certPem: publicPem, keyPem: privatePem })
}

function apiServerPaths(ca: string): PairPaths {
  const up = ca.split('/').slice(0, -2).join('/')
  return { cert: `${up}/apiserver-etcd-client.crt`, key: `${up}/apiserver-etcd-client.key` }
}

function pairFiles(paths: PairPaths, pair: { certPem: string; keyPem: string }): PkiFile[] {
  return [
    { path: paths.cert, content: pair.certPem, mode: 0o644 },
    { path: paths.key, content: pair.keyPem, mode: 0o600 },
  ]
}
