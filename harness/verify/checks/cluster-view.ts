import type { ListedMember } from '../../core/etcd/listed-member.ts'

/** What one request came to. */
export type Reply<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** The member refused it; `reason` is etcd's own. */
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unanswered'; readonly reason: string }
  | { readonly kind: 'not-asked'; readonly reason: string }

/** What the checks read of a member's status. Ids are decimal; a `leaderId` of `0` is none. */
export interface StatusView {
  readonly memberId: string
  readonly clusterId: string
  readonly leaderId: string
  readonly term: number
  readonly revision: number
  readonly version: string
  readonly learner: boolean
}

/** A keyspace's hash at the view's `hashRevision`. */
export interface HashView {
  readonly hash: number
  readonly compactRevision: number
}

/** Of `/metrics`; undefined = the page has no such metric. */
export interface MetricsView {
  readonly quotaBytes: number | undefined
  readonly dbSizeBytes: number | undefined
  readonly dbSizeInUseBytes: number | undefined
  /** Leaders that the process has seen, its first one included. */
  readonly leaderChanges: number | undefined
  readonly upSeconds: number | undefined
}

export type ProbePath = '/health' | '/livez' | '/readyz' | '/metrics'

export interface ProbeView {
  readonly statusCode: number
  /** Its beginning, on one line. */
  readonly body: string
}

/** What a server showed in a TLS handshake. */
export interface CertificateView {
  /** PEM, the server's own first, then those that signed it, as far as they are known. */
  readonly chainPem: readonly string[]
  /** Node's code for why the given CA does not vouch for it, such as `SELF_SIGNED_CERT_IN_CHAIN`. */
  readonly untrusted: string | undefined
}

/** One client URL of one member, and all that was asked there. */
export interface EndpointView {
  readonly url: string
  readonly status: Reply<StatusView>
  /** The status once more, after everything else was asked. */
  readonly laterStatus: Reply<StatusView>
  /** The member's own view of the list, without asking the others. */
  readonly members: Reply<readonly ListedMember[]>
  /** Such as `NOSPACE of 8e9e05c52164694d`. */
  readonly alarms: Reply<readonly AlarmView[]>
  readonly hash: Reply<HashView>
  readonly probes: Readonly<Record<ProbePath, Reply<ProbeView>>>
  readonly metrics: Reply<MetricsView>
  readonly certificate: Reply<CertificateView>
}

export interface AlarmView {
  /** Decimal; `0` where etcd names no member. */
  readonly memberId: string
  readonly type: string
}

/** One advertised peer URL. */
export interface PeerView {
  readonly memberId: string
  readonly url: string
  readonly port: Reply<true>
  readonly certificate: Reply<CertificateView>
}

/** All that one look at a cluster found: what every check reads, and nothing else. */
export interface ClusterView {
  /** Wall clock: certificates are valid by it. */
  readonly takenAtMs: number
  readonly hashRevision: number | undefined
  readonly endpoints: readonly EndpointView[]
  readonly peers: readonly PeerView[]
  /** The certificate that the client itself shows. */
  readonly clientCertPem: string | undefined
}
