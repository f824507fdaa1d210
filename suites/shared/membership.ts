import {
  type Drill,
  done,
  etcd,
  type ListedMember,
  type Member,
  membership,
  notYet,
} from '../../harness/index.ts'
import { etcdErrors, isError } from './etcd/errors.ts'

/**
 * Why scenarios that remove a running member skip the `logs` checker: a request for its status
 * before it exits makes the member panic, because it no longer finds itself in the list.
 */
export const removedMemberMayPanic =
  'a removed member that answers a status request before it exits panics ("failed to find local ID")'

const requestMs = 10_000

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
  return drill.becomes(
    'member-list-is-served',
    `${through.name} to list the members`,
    async () => done(await list()),
    { deadlineMs: drill.deadlines.membershipMs },
  )
}

/** The row of a member in that list, once it is there: a new member has no name until it joins. */
export function findListedMember(
  drill: Drill,
  { through, name }: { readonly through: Member; readonly name: string },
): Promise<ListedMember> {
  const { list } = membershipThrough(drill, through)
  return drill.becomes(
    'member-is-listed',
    `${through.name} to list ${name}`,
    async () => {
      const rows = await list()
      const row = rows.find((each) => each.name === name)
      return row === undefined ? notYet(formatRows(rows)) : done(row)
    },
    { deadlineMs: drill.deadlines.membershipMs },
  )
}

/**
 * Adds a member at a reserved address as soon as etcd accepts it, and sees it in the list of another
 * member. Does not start it.
 */
export async function addToMemberList(
  drill: Drill,
  options: { readonly through: Member; readonly name: string; readonly learner?: boolean },
): Promise<membership.AddedMember> {
  const { through, ...member } = options
  const { cluster } = drill
  const place = { ...member, address: cluster.reserveAddress(member.name) }
  const added = await drill.inTime(
    'member-addition-is-accepted',
    `${through.name} to add ${member.name}`,
    () => membership.addToMemberList(membershipThrough(drill, through), cluster.spec, place),
  )
  await expectListedElsewhere(drill, through, { ...member, id: added.id, isListed: true })
  return added
}

/** Removes a member, by name, as soon as etcd accepts it, and misses it in the list of another. */
export async function removeFromMemberList(
  drill: Drill,
  options: { readonly through: Member; readonly name: string },
): Promise<void> {
  await removeRow(drill, options.through, await findListedMember(drill, options))
}

/** Removes the member with that id, which may not have started. */
export async function removeRow(
  drill: Drill,
  through: Member,
  row: Pick<ListedMember, 'id' | 'name'>,
): Promise<void> {
  const api = membershipThrough(drill, through)
  await drill.inTime(
    'member-removal-is-accepted',
    `${through.name} to remove ${row.name || 'an unstarted member'}`,
    () => membership.removeFromMemberList(api, drill.cluster.spec, { ...unknownRow, ...row }),
  )
  await expectListedElsewhere(drill, through, { ...row, isListed: false })
}

const unknownRow = { peerUrls: [], clientUrls: [], learner: false }

/** The list of a member that did not answer the request, where another one runs. */
export async function expectListedElsewhere(
  drill: Drill,
  through: Member,
  { id, name, isListed }: Pick<ListedMember, 'id' | 'name'> & { readonly isListed: boolean },
): Promise<void> {
  const witness = await findHealthyMember(drill, [through.name, name])
  if (witness === undefined) return
  const { list } = membershipThrough(drill, witness)
  await drill.becomes(
    'member-list-shows-change',
    `${witness.name} to list ${isListed ? 'the added member' : 'no removed member'}`,
    async () => {
      const rows = await list()
      const isThere = rows.some((row) => row.id === id)
      return isThere === isListed ? done(undefined) : notYet(formatRows(rows))
    },
    { deadlineMs: drill.deadlines.membershipMs },
  )
}

/** One beside the named ones; undefined in a cluster of one. */
async function findHealthyMember(
  { cluster }: Drill,
  besides: readonly string[],
): Promise<Member | undefined> {
  for (const member of cluster.members) {
    if (!besides.includes(member.name) && (await member.isHealthy())) return member
  }
  return undefined
}

function formatRows(rows: readonly ListedMember[]): string {
  return rows.map(({ name, id }) => `${name || 'an unstarted member'} (${id})`).join(', ')
}

/**
 * Adds the member to the list and starts it with an empty disk at its address, as a new machine. A
 * window says so: another member answers under its name from then on.
 */
export async function joinWithEmptyDisk(
  drill: Drill,
  through: Member,
  member: Member,
): Promise<void> {
  const { initialCluster } = await addToMemberList(drill, { through, name: member.name })
  const replaced = drill.window('member-replaced', 'removes', [member])
  await member.recreate({ wipeData: true, initialClusterState: 'existing', initialCluster })
  await untilHealthy(drill, member)
  await replaced.undo()
  drill.mark('member-up', `${member.name} joined with an empty disk`, member)
}

export async function untilHealthy(drill: Drill, member: Member): Promise<void> {
  await drill.becomes(
    'started-member-is-healthy',
    `${member.name} to be healthy once it is started`,
    async () => ((await member.isHealthy()) ? done(undefined) : notYet('no healthy answer')),
    { deadlineMs: drill.deadlines.healthyMs },
  )
}
