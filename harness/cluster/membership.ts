import { done, notYet, poll } from '../core/poll.ts'
import { peerUrl } from '../topology/urls.ts'
import { MembershipError } from './errors.ts'
import type { Cluster, Member } from './types.ts'

/** A row of etcd's member list. A member that was added and never started has no name. */
export interface ListedMember {
  /** Hexadecimal, as etcdctl prints it and as `Member.status` has it. */
  readonly id: string
  readonly name: string
  readonly peerUrls: readonly string[]
  readonly clientUrls: readonly string[]
  readonly learner: boolean
}

/** A place in the cluster: where a member is, or will be. */
export interface MemberPlace {
  readonly name: string
  readonly address: string
}

/** Through which member etcd is asked; the default is any healthy one but the one in question. */
export interface Through {
  readonly through?: Member
}

const changeDeadlineMs = 30_000
const joinDeadlineMs = 60_000

/** The member list, as a healthy member other than `about` knows it. */
export async function listMembers(
  cluster: Cluster,
  about: string,
  { through }: Through = {},
): Promise<ListedMember[]> {
  const via = through ?? (await healthyMember(cluster, about))
  const { exitCode, stdout, stderr } = await via.etcdctl(['member', 'list'])
  if (exitCode === 0) return stdout.trim().split('\n').map(parseRow)
  throw new MembershipError(`Expected ${via.name} to list the members, got: ${stderr.trim()}`)
}

/** `id, status, name, peer URLs, client URLs, is a learner`; 3.3 has no learners. */
function parseRow(line: string): ListedMember {
  const [id = '', , name = '', peers = '', clients = '', learner] = line.split(', ')
  const urls = (text: string) => text.split(',').filter((url) => url !== '')
  return {
    id,
    name,
    peerUrls: urls(peers),
    clientUrls: urls(clients),
    learner: learner === 'true',
  }
}

/** The row of a member, found by its name or by the peer URL of its address. */
export async function findListed(
  cluster: Cluster,
  { name, address }: MemberPlace,
  options?: Through,
): Promise<ListedMember | undefined> {
  const url = peerUrl(cluster.spec, address)
  const listed = await listMembers(cluster, name, options)
  return listed.find((row) => row.name === name || row.peerUrls.includes(url))
}

/** Adds the place to etcd's member list, to be started afterwards; nothing when it is in it. */
export async function addToMemberList(
  cluster: Cluster,
  place: MemberPlace,
  { learner = false, through }: Through & { readonly learner?: boolean } = {},
): Promise<void> {
  const via = through && { through }
  if ((await findListed(cluster, place, via)) !== undefined) return
  const { name, address } = place
  const flags = [`--peer-urls=${peerUrl(cluster.spec, address)}`, ...(learner ? ['--learner'] : [])]
  await change(cluster, name, { args: ['member', 'add', name, ...flags], ...via })
}

/** Takes the place out of etcd's member list; nothing when it is not in it. Its container stays. */
export async function removeFromMemberList(
  cluster: Cluster,
  place: MemberPlace,
  options: Through = {},
): Promise<void> {
  const listed = await findListed(cluster, place, options)
  if (listed === undefined) return
  await change(cluster, place.name, { args: ['member', 'remove', listed.id], ...options })
}

/** Makes a learner vote, as soon as etcd finds that it has caught up. */
export async function promoteLearner(
  cluster: Cluster,
  place: MemberPlace,
  options: Through = {},
): Promise<void> {
  const listed = await findListed(cluster, place, options)
  if (listed === undefined) throw new MembershipError(`Expected ${place.name} to be listed`)
  await change(cluster, place.name, { args: ['member', 'promote', listed.id], ...options })
}

/** Name → address of all that etcd counts as members, and of the newcomer. */
export async function initialClusterWith(
  cluster: Cluster,
  { name, address }: MemberPlace,
  options?: Through,
): Promise<Record<string, string>> {
  const listed = (await listMembers(cluster, name, options)).filter((row) => row.name !== '')
  const known = listed.map((row) => [row.name, new URL(row.peerUrls[0] ?? '').hostname] as const)
  return Object.fromEntries([...known, [name, address]])
}

/** Until the member has joined: it answers, and knows a leader. */
export function untilJoined(member: Member, deadlineMs = joinDeadlineMs): Promise<void> {
  return poll(
    async () => {
      const { leaderId } = await member.status()
      return leaderId === null ? notYet('knows no leader') : done(undefined)
    },
    { what: `member \`${member.name}\` to join and to know a leader`, deadlineMs },
  )
}

function healthyMember(cluster: Cluster, except: string): Promise<Member> {
  return poll(
    async () => {
      for (const member of cluster.members) {
        if (member.name !== except && (await member.isHealthy())) return done(member)
      }
      return notYet('none is healthy')
    },
    { what: `a healthy member beside \`${except}\``, deadlineMs: changeDeadlineMs },
  )
}

/**
 * etcd rejects changes until it has known its peers for five seconds (strict reconfiguration
 * checks), and a promotion until the learner has caught up: those states are awaited. Any other
 * rejection is final.
 */
async function change(
  cluster: Cluster,
  about: string,
  { args, through }: Through & { readonly args: readonly string[] },
): Promise<void> {
  const failed = await poll<MembershipError | undefined>(
    async () => {
      const via = through ?? (await healthyMember(cluster, about))
      const { exitCode, stderr } = await via.etcdctl(args)
      if (exitCode === 0) return done(undefined)
      const said = stderr.trim().split('\n').at(-1) ?? ''
      if (rejectedForNow.test(said)) return notYet(said)
      return done(new MembershipError(`Expected etcdctl ${args.join(' ')} to work, got: ${said}`))
    },
    { what: `etcd to allow ${args.join(' ')}`, deadlineMs: changeDeadlineMs, intervalMs: 250 },
  )
  if (failed !== undefined) throw failed
}

/** etcd has no code that tells these apart from rejections for good. */
const rejectedForNow = /unhealthy cluster|not enough started members|in sync with leader/
