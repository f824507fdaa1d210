import { type FeatureName, hasFeature } from './etcd-features.ts'
import type { ClusterSpec } from './spec.ts'

/** What clients may pass through on their way to the members. */
export type DoorKind = NonNullable<ClusterSpec['door']>

/** What differs for clients that come through a door. docs/suites/doors.md is made of it. */
export interface DoorTraits {
  readonly needs: FeatureName
  /** What members have and clients behind it do not. */
  readonly lacks: readonly FeatureName[]
  /** What it answers for the time to live of a lease that is gone; members answer 0. */
  readonly goneLeaseTtlS: 0 | -1
  /** Members receive the clients' own certificates: it ends no TLS. */
  readonly passesCertificates: boolean
  /** Watchers share a watch: one is cancelled for what another one had still to receive. */
  readonly sharesWatches: boolean
  /** The first response of a watch names the revision of the store. */
  readonly knowsRevisionOfNewWatch: boolean
  /** Members filter nothing for it: a watch begins at its revision wherever it arrives. */
  readonly keepsStartOfWatch: boolean
  /** It sends each request to the next member; absent: a client stays with one. */
  readonly balancesRequests?: FeatureName
  /** Kinds of requests about leases whose time says nothing of the cluster, with the reason. */
  readonly untimed: Readonly<Record<string, string>>
  /** Bugs of it that break a promise of etcd's now and then, in every version. */
  readonly knownIssues: readonly DoorIssue[]
}

/** As a scenario has them. */
interface DoorIssue {
  readonly issue: string
  readonly summary: string
  readonly needsCompaction?: true
  readonly symptom: { readonly expectations?: string[]; readonly violations?: string[] }
  readonly isRare: true
}

/**
 * Every door, with all that does not hold through it as it does on a direct connection. From etcd's own
 * source: `server/proxy/tcpproxy` and `server/proxy/grpcproxy`.
 */
export const doorTraits: Readonly<Record<DoorKind, DoorTraits>> = {
  gateway: {
    needs: 'gateway-door',
    lacks: [],
    goneLeaseTtlS: 0,
    passesCertificates: true,
    sharesWatches: false,
    knowsRevisionOfNewWatch: true,
    keepsStartOfWatch: false,
    knownIssues: [],
    untimed: {},
  },
  'grpc-proxy': {
    needs: 'grpc-proxy-door',
    lacks: ['range-stream', 'watch-ids', 'watch-progress-requests'],
    goneLeaseTtlS: -1,
    passesCertificates: false,
    sharesWatches: true,
    knowsRevisionOfNewWatch: false,
    keepsStartOfWatch: true,
    balancesRequests: 'proxy-balances-requests',
    knownIssues: [
      {
        issue: 'etcd-io/etcd#9988',
        summary:
          'a gRPC proxy moves a watcher that still reads old events to a watch that is ahead, and it misses events',
        symptom: { violations: ['watch/event-lost-by-proxy'] },
        isRare: true,
      },
      {
        issue: 'etcd-io/etcd#21813',
        summary:
          'a gRPC proxy adds watchers to a watch that a compaction has ended, and they receive nothing',
        needsCompaction: true,
        symptom: { expectations: ['watchers-catch-up'] },
        isRare: true,
      },
    ],
    untimed: {
      'lease-keepalive':
        'a gRPC proxy answers a renewal with one of its own, which it sends twice a second, or every third of the lease where a stream before is not forgotten yet',
    },
  },
}

/** Whether a client of this cluster has it: the version does, and what stands before the members. */
export function clientsHave(
  spec: Pick<ClusterSpec, 'version' | 'door'>,
  feature: FeatureName,
): boolean {
  return hasFeature(spec.version, feature) && !traitsOf(spec)?.lacks.includes(feature)
}

/** Undefined where clients connect to the members. */
export function traitsOf({
  door,
}: {
  readonly door?: DoorKind | undefined
}): DoorTraits | undefined {
  return door && doorTraits[door]
}

/** Whether what stands before the members sends each request to the next one. */
export function balancesRequests(spec: Pick<ClusterSpec, 'version' | 'door'>): boolean {
  const feature = traitsOf(spec)?.balancesRequests
  return feature !== undefined && hasFeature(spec.version, feature)
}
