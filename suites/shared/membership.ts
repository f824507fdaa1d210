import {
  type Drill,
  done,
  etcd,
  type Member,
  messageOf,
  notYet,
  peerUrl,
  poll,
} from '../../harness/index.ts'
import { etcdErrors, isError } from './etcd-errors.ts'

export interface AddedMember {
  /** Decimal. */
  readonly id: string
  /** What the new member needs as `initial-cluster`: name → address. */
  readonly initialCluster: Readonly<Record<string, string>>
}

/**
 * Why scenarios that remove a running member skip the `logs` checker: a request for its status
 * before it exits makes the member panic, because it no longer finds itself in the list.
 */
export const removedMemberMayPanic =
  'a removed member that answers a status request before it exits panics ("failed to find local ID")'

const requestMs = 10_000
/** etcd wants every member connected for 5 s before it changes the membership. */
const acceptedMs = 30_000

/** The member list as one member returns it, linearizably where the version can. */
export function listMembers(drill: Drill, through: Member): Promise<readonly etcd.ListedMember[]> {
  return poll(
    async () => done(await etcd.memberList(drill.client(through), { timeoutMs: requestMs })),
    { what: `${through.name} to list the members`, deadlineMs: acceptedMs },
  )
}

/** The row of a member in that list. Throws a RangeError without one. */
export async function findListedMember(
  drill: Drill,
  { through, name }: { readonly through: Member; readonly name: string },
): Promise<etcd.ListedMember> {
  const rows = await listMembers(drill, through)
  const row = rows.find((each) => each.name === name)
  if (row !== undefined) return row
  const names = rows.map((each) => each.name || 'unstarted').join(', ')
  throw new RangeError(`Expected \`${name}\` to be listed, got ${names}`)
}

/**
 * Sends `member add` until etcd accepts it: etcd rejects changes until all members have been
 * connected for five seconds. Does not start the new member.
 */
export async function addToMemberList(
  drill: Drill,
  options: { readonly through: Member; readonly name: string; readonly learner?: boolean },
): Promise<AddedMember> {
  const { through, name, learner = false } = options
  const address = drill.cluster.reserveAddress(name)
  const request = { peerUrls: [peerUrl(drill.cluster.spec, address)], learner }
  const { id, members } = await untilAccepted(`${name} to be added`, () =>
    etcd.memberAdd(drill.client(through), request, { timeoutMs: requestMs }),
  )
  const others = members
    .filter((row) => row.id !== id && row.name !== '')
    .map((row) => [row.name, new URL(row.peerUrls[0] ?? '').hostname] as const)
  return { id, initialCluster: Object.fromEntries([...others, [name, address]]) }
}

/** Sends `member remove`, by name, until etcd accepts it. */
export async function removeFromMemberList(
  drill: Drill,
  { through, name }: { readonly through: Member; readonly name: string },
): Promise<void> {
  const { id } = await findListedMember(drill, { through, name })
  await untilAccepted(`${name} to be removed`, () =>
    etcd.memberRemove(drill.client(through), id, { timeoutMs: requestMs }),
  )
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

/** Repeats while etcd rejects the request as too early; any other answer is final. */
async function untilAccepted<T>(what: string, send: () => Promise<T>): Promise<T> {
  const answer = await poll<{ value: T } | { thrown: unknown }>(
    async () => {
      try {
        return done({ value: await send() })
      } catch (thrown) {
        return isError(thrown, etcdErrors.unhealthyCluster, etcdErrors.notEnoughStarted)
          ? notYet(messageOf(thrown))
          : done({ thrown })
      }
    },
    { what, deadlineMs: acceptedMs, intervalMs: 200 },
  )
  if ('thrown' in answer) throw answer.thrown
  return answer.value
}
