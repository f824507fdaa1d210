import type { Effect } from '../core/effect.ts'
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
  /** Objectives that bound nothing here, in a scenario with such a fault of members. */
  readonly unbound: readonly UnboundMeasures[]
  /** Kinds of requests about leases whose time says nothing of the cluster, with the reason. */
  readonly untimed: Readonly<Record<string, string>>
  /** Bugs of it that break a promise of etcd's now and then, in every version. */
  readonly knownIssues: readonly DoorIssue[]
  /** How much more than on a direct connection objectives allow. */
  readonly delays: readonly DoorDelay[]
}

interface UnboundMeasures {
  readonly measures: readonly string[]
  /** Of the faults; absent = any. */
  readonly effects?: readonly Effect[]
  readonly reason: string
}

/** As a scenario has them. */
interface DoorIssue {
  readonly issue: string
  readonly summary: string
  readonly needsCompaction?: true
  readonly symptom: { readonly expectations?: string[]; readonly violations?: string[] }
  readonly isRare: true
}

interface DoorDelay {
  readonly measures: readonly string[]
  /** Of the faults of members. */
  readonly effects: readonly Effect[]
  readonly ms: number
  readonly why: string
}

/** Of clients that each have one member. */
const ofMembersClients = [
  'otherMembersWriteOutageMs',
  'otherMembersReadOutageMs',
  'otherMembersSerializableReadOutageMs',
  'otherMembersUnserved',
  'restartedMemberMs',
]
/** Of the time in which no client is served. */
const ofAllClients = ['writeOutageMs', 'readOutageMs']

/** Effects that leave a member's client port open while it serves nothing, or not all. */
const withoutExit: readonly Effect[] = ['cuts', 'stalls', 'degrades']
/** Effects after which a member's address may be gone for a while. */
const withExit: readonly Effect[] = ['stops', 'removes', 'changes']

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
    unbound: [
      {
        measures: ofMembersClients,
        reason:
          'a client behind a gateway belongs to no member: each connection goes to the next one',
      },
      {
        measures: ofAllClients,
        effects: withoutExit,
        reason:
          'a gateway keeps a connection to a member that is cut off, frozen or slow: every client may be at that one',
      },
    ],
    knownIssues: [],
    untimed: {},
    delays: [
      {
        measures: ofAllClients,
        effects: withExit,
        ms: 4_000,
        why: 'the kernel gives an address that is gone up after 3 s, and a gateway tries a member again after 1 s',
      },
    ],
  },
  'grpc-proxy': {
    needs: 'grpc-proxy-door',
    lacks: ['range-stream', 'watch-ids', 'watch-progress-requests'],
    goneLeaseTtlS: -1,
    passesCertificates: false,
    sharesWatches: true,
    knowsRevisionOfNewWatch: false,
    keepsStartOfWatch: true,
    unbound: [
      {
        measures: ofMembersClients,
        reason:
          'a client behind a gRPC proxy belongs to no member: each request goes to the next one',
      },
      {
        measures: ofAllClients,
        effects: withoutExit,
        reason:
          'a gRPC proxy goes on sending a share of every client’s requests to a member that is cut off, frozen or slow',
      },
    ],
    knownIssues: [
      {
        issue: 'etcd-io/etcd#9988',
        summary:
          'a gRPC proxy moves a watcher that still reads old events to a watch that is ahead, and it misses events',
        symptom: { violations: ['watch/event-missing'] },
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
    delays: [
      {
        measures: ofAllClients,
        effects: withExit,
        ms: 4_000,
        why: 'the kernel gives an address that is gone up after 3 s, and a proxy connects again after 1 s',
      },
    ],
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

/**
 * Measures that no objective bounds where clients come through the cluster's doors, with the reason, in a
 * scenario whose faults do that to members.
 */
export function unboundMeasures(
  spec: Pick<ClusterSpec, 'door'>,
  faultEffects: readonly Effect[],
): Readonly<Record<string, string>> {
  const unbound = traitsOf(spec)?.unbound ?? []
  const applying = unbound.filter(({ effects }) =>
    faultEffects.some((one) => effects === undefined || effects.includes(one)),
  )
  return Object.fromEntries(
    applying.flatMap(({ measures, reason }) => measures.map((measure) => [measure, reason])),
  )
}

/** What an objective of that measure allows more than on a direct connection. */
export function delaysOf(
  spec: Pick<ClusterSpec, 'door'>,
  measure: string,
  faultEffects: readonly Effect[],
): readonly Pick<DoorDelay, 'ms' | 'why'>[] {
  return (traitsOf(spec)?.delays ?? []).filter(
    ({ measures, effects }) =>
      measures.includes(measure) && effects.some((one) => faultEffects.includes(one)),
  )
}
