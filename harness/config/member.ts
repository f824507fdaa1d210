import { certificatePaths, type LayoutName } from '../pki/layout.ts'
import { type Bootstrap, clusterDomain, domainName } from '../topology/bootstrap.ts'
import { featuresOf, hasFeature } from '../topology/etcd-features.ts'
import type { MemberConfiguration } from '../topology/member-configuration.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { clientUrl, metricsUrl, peerUrl } from '../topology/urls.ts'

/** On the data volume but not its root, so that it can be wiped and restored as a directory. */
export const dataDirectory = '/var/lib/etcd/default.etcd'

/** The clients' unix socket: every image has its directory once the volume is mounted. */
const socketPath = '/var/lib/etcd/client.sock'

export interface MemberPlace {
  readonly member: string
  /** Member name → the address the others and the clients reach it by. */
  readonly addresses: Readonly<Record<string, string>>
  /** Where its certificates lie; default cfssl's. */
  readonly layout?: LayoutName
  readonly initialClusterState?: 'new' | 'existing'
  /** Member name → peer address, when it is not all of `addresses`: a member that joins. */
  readonly initialCluster?: Readonly<Record<string, string>>
  /** How it finds the others of a new cluster, when not by `initialCluster`. */
  readonly bootstrap?: Bootstrap
  readonly dataDirectory?: string
}

/**
 * The configuration of one member of any version from 3.3 on. Pure. It listens on every interface
 * of its container and advertises its address; metrics and health are plain HTTP. The user's
 * options come last and replace our defaults.
 */
export function memberConfiguration(spec: ClusterSpec, place: MemberPlace): MemberConfiguration {
  const options: Record<string, string> = {
    name: place.member,
    'data-dir': place.dataDirectory ?? dataDirectory,
    ...urls(spec, place),
    ...bootstrap(spec, place),
    ...(spec.tls.client === 'none' ? {} : clientTls(spec, place)),
    ...(spec.tls.peer === 'none' ? {} : peerTls(place)),
    ...(spec.auth?.token === 'jwt' ? jwtTokens(place) : {}),
    'heartbeat-interval': String(spec.heartbeatIntervalMs),
    'election-timeout': String(spec.electionTimeoutMs),
    ...featuresOf(spec.version).jsonLogOptions,
    ...spec.options,
    ...ownOptions(spec, place.member),
  }
  return Object.entries(options).map(([name, value]) => ({ name, value }))
}

/** A member that joins a running cluster has those of the first one. */
function ownOptions({ members }: ClusterSpec, member: string) {
  return (members.find(({ name }) => name === member) ?? members[0])?.options
}

function urls(spec: ClusterSpec, place: MemberPlace): Record<string, string> {
  const address = addressOf(place.addresses, place.member)
  const { clientSocket, ports } = spec
  const socket = clientSocket === undefined ? [] : [`${clientSocket}://${socketPath}`]
  return {
    'listen-client-urls': [clientUrl(spec, '0.0.0.0'), ...socket].join(','),
    ...(ports.clientHttp !== undefined && {
      'listen-client-http-urls': clientUrl(spec, '0.0.0.0', ports.clientHttp),
    }),
    'advertise-client-urls': clientUrl(spec, address),
    'listen-peer-urls': peerUrl(spec, '0.0.0.0'),
    'initial-advertise-peer-urls': peerUrl(spec, peerHostOf(place, address)),
    'listen-metrics-urls': metricsUrl(spec, '0.0.0.0'),
  }
}

/** A DNS record names hosts, and a peer's certificate is good for its host. */
function peerHostOf({ bootstrap, member }: MemberPlace, address: string): string {
  return bootstrap?.by === 'dns' ? domainName(member) : address
}

function bootstrap(spec: ClusterSpec, place: MemberPlace): Record<string, string> {
  const common = {
    'initial-cluster-token': spec.name,
    'initial-cluster-state': place.initialClusterState ?? 'new',
  }
  return { ...findingPeers(spec, place), ...common }
}

function findingPeers(spec: ClusterSpec, place: MemberPlace): Record<string, string> {
  if (place.bootstrap?.by === 'dns') return { 'discovery-srv': clusterDomain }
  if (place.bootstrap?.by === 'discovery') return discovery(spec, place.bootstrap)
  const initial =
    place.initialCluster ??
    Object.fromEntries(spec.members.map(({ name }) => [name, addressOf(place.addresses, name)]))
  return {
    'initial-cluster': Object.entries(initial)
      .map(([name, address]) => `${name}=${peerUrl(spec, address)}`)
      .join(','),
  }
}

/** The v3 protocol from 3.6 on; before, keys of the v2 API, as discovery.etcd.io serves them. */
function discovery(
  { version }: ClusterSpec,
  { url, token }: Extract<Bootstrap, { by: 'discovery' }>,
): Record<string, string> {
  return hasFeature(version, 'discovery-v3')
    ? { 'discovery-token': token, 'discovery-endpoints': url }
    : { discovery: `${url}/v2/keys/discovery/${token}` }
}

/**
 * With client certificates required, etcd's own JSON gateway is a client too. It shows the server's
 * certificate, which cfssl's server profile does not allow ("incompatible key usage": every gateway
 * request then fails), unless it is given another; the peer's is good for both.
 */
function clientTls(spec: ClusterSpec, place: MemberPlace): Record<string, string> {
  const { ca, server, peer } = certificatePaths(place.layout ?? 'cfssl')
  const own = { 'cert-file': server.cert, 'key-file': server.key }
  if (spec.tls.client === 'server') return own
  return {
    ...own,
    'client-cert-auth': 'true',
    'trusted-ca-file': ca,
    ...(hasFeature(spec.version, 'client-cert-file-flag') && {
      'client-cert-file': peer.cert,
      'client-key-file': peer.key,
    }),
  }
}

function peerTls(place: MemberPlace): Record<string, string> {
  const paths = certificatePaths(place.layout ?? 'cfssl')
  return {
    'peer-cert-file': paths.peer.cert,
    'peer-key-file': paths.peer.key,
    'peer-client-cert-auth': 'true',
    'peer-trusted-ca-file': paths.ca,
  }
}

/** etcd's default, simple tokens, needs no option. */
function jwtTokens(place: MemberPlace): Record<string, string> {
  const { token } = certificatePaths(place.layout ?? 'cfssl')
  const parts = ['jwt', `pub-key=${token.cert}`, `priv-key=${token.key}`, 'sign-method=RS256']
  return { 'auth-token': [...parts, 'ttl=5m'].join(',') }
}

function addressOf(addresses: Readonly<Record<string, string>>, member: string): string {
  const address = addresses[member]
  if (address === undefined) throw new RangeError(`Expected an address of \`${member}\`, got none`)
  return address
}
