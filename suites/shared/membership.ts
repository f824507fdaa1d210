import {
  type Drill,
  done,
  etcd,
  type ListedMember,
  type Member,
  membership,
  notYet,
  poll,
} from '../../harness/index.ts'
import { etcdErrors, isError } from './etcd-errors.ts'

/**
 * Why scenarios that remove a running member skip the `logs` checker: a request for its status
 * before it exits makes the member panic, because it no longer finds itself in the list.
 */
export const removedMemberMayPanic =
  'a removed member that answers a status request before it exits panics ("failed to find local ID")'

const requestMs = 10_000
const listedMs = 30_000

/** The member list through a client of that member, linearizable where the version can. */
function membershipThrough(drill: Drill, through: Member): membership.MembershipApi {
  const client = drill.client(through)
  const { unhealthyCluster, notEnoughStarted } = etcdErrors
  return {
    list: () => etcd.memberList(client, { timeoutMs: requestMs }),
    add: ({ peerUrl, learner }) =>
      etcd.memberAdd(client, { peerUrls: [peerUrl], learner }, { timeoutMs: requestMs }),
    remove: (id) => etcd.memberRemove(client, id, { timeoutMs: requestMs }),
    isTooEarly: (thrown) => isError(thrown, unhealthyCluster, notEnoughStarted),
  }
}

/** Waits for an answer: a member that has just started may have none yet. */
export function listMembers(drill: Drill, through: Member): Promise<readonly ListedMember[]> {
  const { list } = membershipThrough(drill, through)
  return poll(async () => done(await list()), {
    what: `${through.name} to list the members`,
    deadlineMs: listedMs,
  })
}

/** The row of a member in that list. Throws a RangeError without one. */
export async function findListedMember(
  drill: Drill,
  { through, name }: { readonly through: Member; readonly name: string },
): Promise<ListedMember> {
  const rows = await listMembers(drill, through)
  const row = rows.find((each) => each.name === name)
  if (row !== undefined) return row
  const names = rows.map((each) => each.name || 'unstarted').join(', ')
  throw new RangeError(`Expected \`${name}\` to be listed, got ${names}`)
}

/** Adds a member at a reserved address as soon as etcd accepts it. Does not start it. */
export function addToMemberList(
  drill: Drill,
  options: { readonly through: Member; readonly name: string; readonly learner?: boolean },
): Promise<membership.AddedMember> {
  const { through, ...member } = options
  const { cluster } = drill
  const place = { ...member, address: cluster.reserveAddress(member.name) }
  return membership.addToMemberList(membershipThrough(drill, through), cluster.spec, place)
}

/** Removes a member, by name, as soon as etcd accepts it. */
export async function removeFromMemberList(
  drill: Drill,
  options: { readonly through: Member; readonly name: string },
): Promise<void> {
  const api = membershipThrough(drill, options.through)
  await membership.removeFromMemberList(api, await findListedMember(drill, options))
}

/** Adds the member to the list and starts it with an empty disk at its address, as a new machine. */
export async function joinWithEmptyDisk(
  drill: Drill,
  through: Member,
  member: Member,
): Promise<void> {
  const { initialCluster } = await addToMemberList(drill, { through, name: member.name })
  await member.recreate({ wipeData: true, initialClusterState: 'existing', initialCluster })
  await untilHealthy(member)
  drill.mark('member-up', `${member.name} joined with an empty disk`, member)
}

export async function untilHealthy(member: Member, deadlineMs = 30_000): Promise<void> {
  await poll(async () => ((await member.isHealthy()) ? done(true) : notYet('not healthy')), {
    what: `${member.name} to be healthy`,
    deadlineMs,
  })
}
