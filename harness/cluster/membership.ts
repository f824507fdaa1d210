import { messageOf } from '../core/errors.ts'
import type { ListedMember } from '../core/etcd/listed-member.ts'
import { done, notYet, poll } from '../core/poll.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { electionDeadlineMs, startDeadlineMs } from '../topology/timing.ts'
import { peerUrl } from '../topology/urls.ts'
import type { Member } from './types.ts'

/** A place in the cluster: where a member is, or will be. */
export interface MemberPlace {
  readonly name: string
  readonly address: string
}

/** What etcd answered to the addition. */
export interface AddedMember {
  /** As the API that added it writes ids: etcdctl in hexadecimal, a client in decimal. */
  readonly id: string
  /** What the new member needs as `initial-cluster`: name → address. */
  readonly initialCluster: Readonly<Record<string, string>>
}

/** What reads and changes etcd's member list: etcdctl in a member, or a client of ours. */
export interface MembershipApi {
  list(): Promise<readonly ListedMember[]>
  /** Resolves to the new member's id, and to the list with it. */
  add(request: {
    readonly name: string
    readonly peerUrl: string
    readonly learner: boolean
  }): Promise<{ readonly id: string; readonly members: readonly ListedMember[] }>
  remove(id: string): Promise<unknown>
  /** Whether etcd rejected the request because its peers were not connected for long enough. */
  isTooEarly(thrown: unknown): boolean
}

/** etcd wants its members connected for five seconds before it changes the membership. */
const connectedMs = 15_000

/** The row of a member, found by its name or by the peer URL of its address. */
export function findListed(
  rows: readonly ListedMember[],
  spec: ClusterSpec,
  { name, address }: MemberPlace,
): ListedMember | undefined {
  const url = peerUrl(spec, address)
  return rows.find((row) => row.name === name || row.peerUrls.includes(url))
}

/**
 * Adds a member to etcd's list, to be started afterwards, as soon as etcd accepts it. Rethrows any
 * rejection that is not for being early.
 */
export async function addToMemberList(
  api: MembershipApi,
  spec: ClusterSpec,
  { name, address, learner = false }: MemberPlace & { readonly learner?: boolean },
): Promise<AddedMember> {
  const request = { name, peerUrl: peerUrl(spec, address), learner }
  const { id, members } = await untilAccepted(
    api,
    { what: `${name} to be added`, deadlineMs: acceptedMs(spec) },
    () => api.add(request),
  )
  const others = members
    .filter((row) => row.id !== id && row.name !== '')
    .map((row) => [row.name, new URL(row.peerUrls[0] ?? '').hostname] as const)
  return { id, initialCluster: Object.fromEntries([...others, [name, address]]) }
}

/** Takes a row out of etcd's list, as soon as etcd accepts it. The member's container stays. */
export async function removeFromMemberList(
  api: MembershipApi,
  spec: ClusterSpec,
  { id, name }: ListedMember,
): Promise<void> {
  const what = `${name || 'an unstarted member'} to be removed`
  await untilAccepted(api, { what, deadlineMs: acceptedMs(spec) }, () => api.remove(id))
}

const acceptedMs = (spec: ClusterSpec) => connectedMs + electionDeadlineMs(spec)

/** Until the member has joined: it answers, and knows a leader. */
export function untilJoined(member: Member, spec: ClusterSpec): Promise<void> {
  return poll(
    async () => {
      const { leaderId } = await member.status()
      return leaderId === null ? notYet('knows no leader') : done(undefined)
    },
    {
      what: `member \`${member.name}\` to join and to know a leader`,
      deadlineMs: startDeadlineMs(spec),
    },
  )
}

/** Repeats while etcd rejects the request as too early; any other answer is final. */
async function untilAccepted<T>(
  api: MembershipApi,
  awaited: { readonly what: string; readonly deadlineMs: number },
  send: () => Promise<T>,
): Promise<T> {
  const answer = await poll<{ value: T } | { thrown: unknown }>(
    async () => {
      try {
        return done({ value: await send() })
      } catch (thrown) {
        return api.isTooEarly(thrown) ? notYet(messageOf(thrown)) : done({ thrown })
      }
    },
    { ...awaited, intervalMs: 200 },
  )
  if ('thrown' in answer) throw answer.thrown
  return answer.value
}
