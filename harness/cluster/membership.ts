import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { peerUrl } from '../../topology/urls.ts'
import { FaultError } from '../define.ts'

/** A row of `etcdctl member list`. A member that was added and never started has no name. */
export interface Listed {
  readonly id: string
  readonly name: string
  readonly peerUrl: string
}

const changeDeadlineMs = 30_000
const joinDeadlineMs = 60_000

export function peerUrlOf({ spec }: Cluster, address: string): string {
  return peerUrl(spec, address)
}

/** As a healthy member, other than the one in question, knows it. */
export async function listMembers(cluster: Cluster, except: string): Promise<Listed[]> {
  const via = await healthyMember(cluster, except)
  const { exitCode, stdout, stderr } = await via.etcdctl(['member', 'list'])
  if (exitCode !== 0) throw new FaultError(`Expected the member list, got: ${stderr.trim()}`)
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .map(([id = '', , name = '', peerUrl = '']) => ({ id, name, peerUrl }))
}

/** Takes it out of etcd's membership; nothing when it is not in. Its container stays. */
export async function removeFromMembership(
  cluster: Cluster,
  { name, address }: { readonly name: string; readonly address: string },
): Promise<void> {
  const listed = await findListed(cluster, name, address)
  if (listed !== undefined) await change(cluster, name, ['member', 'remove', listed.id])
}

/** Makes the name and address a member of etcd's, to be started; nothing when it is one. */
export async function addToMembership(
  cluster: Cluster,
  { name, address, learner = false }: { name: string; address: string; learner?: boolean },
): Promise<void> {
  if ((await findListed(cluster, name, address)) !== undefined) return
  const flags = [`--peer-urls=${peerUrlOf(cluster, address)}`, ...(learner ? ['--learner'] : [])]
  await change(cluster, name, ['member', 'add', name, ...flags])
}

/**
 * Replaces a member the way an operator does: out of the membership, in again as a new one, with an
 * empty disk, fed by the others. Its name, address and settings stay, its id does not. Needs a
 * quorum of the others.
 */
export async function rebuild(cluster: Cluster, member: Member): Promise<void> {
  if (!cluster.members.includes(member)) return
  const listed = await findListed(cluster, member.name, member.address)
  if (listed !== undefined && listed.name !== '') await removeFromMembership(cluster, member)
  await addToMembership(cluster, member)
  await member.recreate({
    wipeData: true,
    initialClusterState: 'existing',
    initialCluster: await initialClusterWith(cluster, member),
  })
  await untilJoined(member)
}

/** Name → address of all that etcd counts as members, the new one by its name. */
export async function initialClusterWith(
  cluster: Cluster,
  { name, address }: { readonly name: string; readonly address: string },
): Promise<Record<string, string>> {
  const listed = (await listMembers(cluster, name)).filter((one) => one.name !== '')
  const known = listed.map((one) => [one.name, new URL(one.peerUrl).hostname] as const)
  return Object.fromEntries([...known, [name, address]])
}

export function untilJoined(member: Member): Promise<void> {
  return poll(
    async () => {
      const { leaderId } = await member.status()
      return leaderId === null ? notYet('knows no leader') : done(undefined)
    },
    { what: `member \`${member.name}\` to join and to know a leader`, deadlineMs: joinDeadlineMs },
  )
}

export async function healthyMember(cluster: Cluster, except: string): Promise<Member> {
  return poll(
    async () => {
      for (const member of cluster.members) {
        if (member.name !== except && (await member.isHealthy())) return done(member)
      }
      return notYet('none is')
    },
    { what: `a healthy member beside \`${except}\``, deadlineMs: changeDeadlineMs },
  )
}

async function findListed(
  cluster: Cluster,
  name: string,
  address: string,
): Promise<Listed | undefined> {
  const listed = await listMembers(cluster, name)
  return listed.find((one) => one.name === name || one.peerUrl === peerUrlOf(cluster, address))
}

/**
 * etcd refuses changes until it has known its peers for five seconds (strict reconfiguration
 * checks): that state is awaited. Anything else it says is final.
 */
function change(cluster: Cluster, about: string, args: readonly string[]): Promise<void> {
  return poll(
    async () => {
      const via = await healthyMember(cluster, about)
      const { exitCode, stderr } = await via.etcdctl(args)
      if (exitCode === 0) return done(undefined)
      const said = stderr.trim().split('\n').at(-1) ?? ''
      if (/unhealthy cluster|not enough started members/.test(said)) return notYet(said)
      return done(new FaultError(`Expected etcdctl ${args.join(' ')} to be done, got: ${said}`))
    },
    { what: `etcd to allow ${args.join(' ')}`, deadlineMs: changeDeadlineMs, intervalMs: 250 },
  ).then((failed) => {
    if (failed !== undefined) throw failed
  })
}
