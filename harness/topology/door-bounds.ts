import type { Effect } from '../core/effect.ts'
import { balancesRequests, type DoorKind } from './door.ts'
import type { ClusterSpec } from './spec.ts'

/** A fault of members, as far as it matters to those who come through a door. */
export interface MemberFault {
  readonly effect: Effect
  /** The member exits for it, though its effect does not say so: a restart. */
  readonly exits?: boolean | undefined
}

/** Measures of a direct connection that say nothing of the cluster behind a door. */
interface UnboundMeasures {
  readonly measures: readonly string[]
  /** Of the faults; absent = any. */
  readonly effects?: readonly Effect[]
  readonly reason: string
  /** By measure: what its bound holds for here, where each request goes to the next member. */
  readonly instead?: Readonly<Record<string, string>>
}

/** What clients wait longer than on a direct connection. */
interface DoorDelay {
  readonly ms: number
  readonly why: string
}

interface DoorBounds {
  readonly unbound: readonly UnboundMeasures[]
  /** Where the connection to a member ends. */
  readonly exit: DoorDelay
  /** How long clients stay with a frozen member, in deadlines of a request. */
  readonly stall?: { readonly deadlines: (members: number) => number; readonly why: string }
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

/** How much longer than on a direct connection clients may wait, and what nothing bounds, by etcd's source. */
export const doorBounds: Readonly<Record<DoorKind, DoorBounds>> = {
  gateway: {
    unbound: [
      {
        measures: ofMembersClients,
        reason:
          'a client behind a gateway belongs to no member: each connection goes to the next one (`pick` of tcpproxy/userspace.go)',
      },
      {
        measures: ofAllClients,
        effects: ['cuts', 'degrades'],
        reason:
          'a gateway copies bytes until either end closes, and looks only after members that it could not connect to (`serve` and `runMonitor` of tcpproxy/userspace.go): every client may be at the one that is cut off or slow, and stays there while it answers anything',
      },
    ],
    exit: {
      ms: 4_000,
      why: 'the kernel gives an address that is gone up after 3 s, and a gateway tries a member again after 1 s',
    },
    stall: {
      deadlines: likelyReturns,
      why: 'while clients leave a frozen member with their first request that times out, and may come to it again',
    },
  },
  'grpc-proxy': {
    unbound: [
      {
        measures: ofMembersClients,
        reason:
          'a client behind a gRPC proxy belongs to no member: each request goes to the next one (`round_robin` of its client)',
      },
      {
        measures: ofAllClients,
        effects: ['cuts', 'stalls', 'degrades'],
        reason:
          'a gRPC proxy sends a share of every client’s requests to each member that is connected, and one that is cut off from the others, frozen or slow stays so: keepalives are off (`dial-keepalive-time` of etcdmain/grpc_proxy.go), and only a frozen one would not answer them',
        instead: { writeOutageMs: 'noWriteServedMs', readOutageMs: 'noReadServedMs' },
      },
    ],
    exit: {
      ms: 4_000,
      why: 'the kernel gives an address that is gone up after 3 s, and a proxy connects again after 1 s',
    },
  },
}

/** What is less likely is no accident. */
const acceptedChance = 0.001

/**
 * How often in a row the clients of all doors, one beside each member, may connect to the same frozen one:
 * each connection goes to the next member.
 */
function likelyReturns(members: number): number {
  if (members < 2) return 0
  return Math.ceil(Math.log(acceptedChance) / (members * Math.log(1 / members))) - 1
}

const boundsOf = ({ door }: Pick<ClusterSpec, 'door'>) => door && doorBounds[door]

/**
 * Measures that no objective bounds where clients come through the cluster's doors, with the reason, in a
 * scenario with such faults of members.
 */
export function unboundMeasures(
  spec: Pick<ClusterSpec, 'door'>,
  faults: readonly MemberFault[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    unboundHere(spec, faults).flatMap(({ measures, reason }) =>
      measures.map((measure) => [measure, reason]),
    ),
  )
}

/** What the bound of a measure that is not bound holds for; undefined = nothing. */
export function boundInstead(
  spec: Pick<ClusterSpec, 'door' | 'version'>,
  measure: string,
  faults: readonly MemberFault[],
): string | undefined {
  if (!balancesRequests(spec)) return undefined
  return unboundHere(spec, faults).find(({ instead = {} }) => Object.hasOwn(instead, measure))
    ?.instead?.[measure]
}

function unboundHere(spec: Pick<ClusterSpec, 'door'>, faults: readonly MemberFault[]) {
  const unbound = boundsOf(spec)?.unbound ?? []
  return unbound.filter(({ effects }) =>
    faults.some(({ effect }) => effects === undefined || effects.includes(effect)),
  )
}

/** What an objective of that measure allows more than on a direct connection. */
export function delaysOf(
  spec: Pick<ClusterSpec, 'door' | 'members'>,
  measure: string,
  { faults, deadlineMs }: { readonly faults: readonly MemberFault[]; readonly deadlineMs: number },
): readonly DoorDelay[] {
  const bounds = boundsOf(spec)
  if (bounds === undefined || !ofAllClients.includes(measure)) return []
  const { exit, stall } = bounds
  const mayStay = stall !== undefined && faults.some(({ effect }) => effect === 'stalls')
  const deadlines = mayStay ? stall.deadlines(spec.members.length) : 0
  return [
    ...(faults.some(endsConnections) ? [exit] : []),
    ...(deadlines > 0
      ? [{ ms: deadlines * deadlineMs, why: `${deadlines} × ${deadlineMs} ms, ${stall?.why}` }]
      : []),
  ]
}

const endsConnections = ({ effect, exits = false }: MemberFault) =>
  exits || effect === 'stops' || effect === 'removes'
