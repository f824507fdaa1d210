import { issueCluster } from '../../pki/authority.ts'
import { clusterSpec } from '../../topology/presets.ts'
import type { ClusterView, EndpointView } from '../checks/cluster-view.ts'

const spec = clusterSpec({ version: '3.5.16', tls: { key: 'ecdsa-p256' } })
const addresses = { m1: '10.0.0.1', m2: '10.0.0.2', m3: '10.0.0.3' }
const names = ['m1', 'm2', 'm3'] as const
type Name = (typeof names)[number]

/** Certificates of a real CA, for the hosts of `healthyView` and for others. */
export const pki = await issueCluster(spec, addresses)

export const answered = <T>(value: T) => ({ kind: 'answered', value }) as const
export const unanswered = (reason: string) => ({ kind: 'unanswered', reason }) as const

const mebibyte = 2 ** 20

/** One look at three members in which nothing is wrong; m1 leads. */
export function healthyView(): ClusterView {
  return {
    takenAtMs: Date.now(),
    hashRevision: 7,
    endpoints: names.map(endpointOf),
    peers: names.map((name) => ({
      memberId: idOf(name),
      url: `https://${addresses[name]}:2380`,
      port: answered(true as const),
      certificate: shows(pki.members[name]?.peer.certPem),
    })),
    clientCertPem: pki.client.certPem,
  }
}

/** The view with one member's endpoint changed. */
export function withEndpoint(
  name: Name,
  change: (endpoint: EndpointView) => Partial<EndpointView>,
) {
  const view = healthyView()
  const at = names.indexOf(name)
  return {
    ...view,
    endpoints: view.endpoints.map((endpoint, index) =>
      index === at ? { ...endpoint, ...change(endpoint) } : endpoint,
    ),
  }
}

/** The view with every endpoint changed alike. */
export function withEndpoints(change: (endpoint: EndpointView) => Partial<EndpointView>) {
  const view = healthyView()
  return {
    ...view,
    endpoints: view.endpoints.map((endpoint) => ({ ...endpoint, ...change(endpoint) })),
  }
}

export const listed = (name: string, id: string, host: string = addresses.m1) => ({
  id,
  name,
  peerUrls: [`https://${host}:2380`],
  clientUrls: [`https://${host}:2379`],
  learner: false,
})

export const members = names.map((name) => listed(name, idOf(name), addresses[name]))

export const shows = (...chain: readonly (string | undefined)[]) =>
  answered({ chainPem: [...chain.map((pem) => pem ?? ''), pki.caPem], untrusted: undefined })

export const metrics = {
  quotaBytes: 2_048 * mebibyte,
  dbSizeBytes: 200 * mebibyte,
  dbSizeInUseBytes: 150 * mebibyte,
  leaderChanges: 1,
  upSeconds: 7_200,
}

export const status = (name: Name) => ({
  memberId: idOf(name),
  clusterId: '99',
  leaderId: idOf('m1'),
  term: 2,
  revision: 7,
  version: '3.5.16',
  learner: false,
})

function endpointOf(name: Name): EndpointView {
  const ok = answered({ statusCode: 200, body: '' })
  return {
    url: `https://${addresses[name]}:2379`,
    status: answered(status(name)),
    laterStatus: answered(status(name)),
    members: answered(members),
    alarms: answered([]),
    hash: answered({ hash: 123, compactRevision: -1 }),
    probes: { '/health': ok, '/livez': ok, '/readyz': ok, '/metrics': ok },
    metrics: answered(metrics),
    certificate: shows(pki.members[name]?.server.certPem),
  }
}

function idOf(name: Name): string {
  return String(names.indexOf(name) + 1)
}
