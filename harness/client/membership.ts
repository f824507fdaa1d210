import type { ListedMember } from '../core/etcd/listed-member.ts'
import type { CallOptions, MemberClient } from './member-client.ts'

interface RawMember {
  readonly ID: string
  readonly name: string
  readonly peerURLs: readonly string[]
  readonly clientURLs: readonly string[]
  readonly isLearner: boolean
}

interface RawMembers {
  readonly members: readonly RawMember[]
}

/** Every member and learner. Linearizable by default; before 3.5 always this member's own view. */
export async function memberList(
  client: MemberClient,
  options: CallOptions & { readonly serializable?: boolean } = {},
): Promise<readonly ListedMember[]> {
  const request = { linearizable: options.serializable !== true }
  return listed(await client.call<RawMembers>('Cluster', 'MemberList', request, options))
}

/** Resolves to the new member's id and the list with it. */
export async function memberAdd(
  client: MemberClient,
  request: { readonly peerUrls: readonly string[]; readonly learner?: boolean },
  options?: CallOptions,
): Promise<{ id: string; members: readonly ListedMember[] }> {
  const raw = await client.call<RawMembers & { readonly member: RawMember }>(
    'Cluster',
    'MemberAdd',
    { peerURLs: request.peerUrls, isLearner: request.learner ?? false },
    options,
  )
  return { id: raw.member.ID, members: listed(raw) }
}

/** Resolves to the list without the member. By default etcd rejects what would cost the quorum. */
export async function memberRemove(
  client: MemberClient,
  id: string,
  options?: CallOptions,
): Promise<readonly ListedMember[]> {
  return listed(await client.call<RawMembers>('Cluster', 'MemberRemove', { ID: id }, options))
}

/** Replaces the peer URLs of a listed member; resolves to the list with them. */
export async function memberUpdate(
  client: MemberClient,
  { id, peerUrls }: { readonly id: string; readonly peerUrls: readonly string[] },
  options?: CallOptions,
): Promise<readonly ListedMember[]> {
  const request = { ID: id, peerURLs: peerUrls }
  return listed(await client.call<RawMembers>('Cluster', 'MemberUpdate', request, options))
}

/** Makes a learner a voter; etcd rejects it until the learner has caught up. */
export async function memberPromote(
  client: MemberClient,
  id: string,
  options?: CallOptions,
): Promise<readonly ListedMember[]> {
  return listed(await client.call<RawMembers>('Cluster', 'MemberPromote', { ID: id }, options))
}

function listed({ members }: RawMembers): readonly ListedMember[] {
  return members.map(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
    id: ID,
    name,
    peerUrls: peerURLs,
    clientUrls: clientURLs,
    learner: isLearner,
  }))
}
