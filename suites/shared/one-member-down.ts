import {
  type ClusterSpec,
  type Drill,
  done,
  etcd,
  faults,
  featuresOf,
  type InjectedFault,
  isOnEverywhere,
  type Member,
  notYet,
  peerUrl,
} from '../../harness/index.ts'
import { oneFollower } from './by-role.ts'
import { listMembers, removeRow } from './membership.ts'
import { formatRejection, longTimeout, rejectionOf } from './rejection.ts'

/** For scenarios in which etcd rejects a change of the member list. */
export function needsStrictCheck(spec: ClusterSpec): string | undefined {
  return isOnEverywhere(spec, 'strict-reconfig-check')
    ? undefined
    : 'the user has strict-reconfig-check off: etcd accepts changes that lose the quorum'
}

/** The strict reconfiguration check wants members connected for five seconds. */
export const connectedMs = 6_000

/**
 * Whether etcd accepts one more voting member while some of the listed ones are not started: those
 * that run must be a quorum of the larger cluster too, unless the user has the check off. Versions
 * before the fix of issue 21640 want every listed member connected.
 */
export function mayAddMember(
  spec: ClusterSpec,
  { listed, running }: { readonly listed: number; readonly running: number },
): boolean {
  if (!isOnEverywhere(spec, 'strict-reconfig-check')) return true
  const quorum = Math.floor((listed + 1) / 2) + 1
  return featuresOf(spec.version).has('add-while-one-down') && running >= quorum
}

/**
 * Adds a member, which never starts, while a follower is down; then restores the membership.
 * Resolves to the error with which etcd rejected the addition, undefined when etcd accepted it.
 */
export async function addWhileOneDown(
  drill: Drill,
  newcomer: string,
): Promise<etcd.RequestError | undefined> {
  const { cluster } = drill
  const down = await oneFollower(drill)
  const leader = await cluster.leader()
  const killed = await killUntilNoticed(drill, { down, leader })
  const client = drill.client(leader)
  const request = { peerUrls: [peerUrl(cluster.spec, cluster.reserveAddress(newcomer))] }
  const rejection = await rejectionOf(etcd.memberAdd(client, request, longTimeout))
  await killed.undo()
  const added = (await listMembers(drill, leader)).find(({ name }) => name === '')
  drill.expect(
    'addition-is-as-answered',
    'a member is listed when its addition was accepted, and only then',
    (added !== undefined) === (rejection === undefined),
    `${added === undefined ? 'no new member' : 'a new member'} after ${formatRejection(rejection)}`,
  )
  if (added !== undefined) await removeRow(drill, leader, added)
  return rejection
}

/**
 * Kills a member after all members were connected for long enough to count, and returns when the
 * leader has noticed. Until then the leader counts one member too many and accepts changes that it
 * must reject.
 */
export async function killUntilNoticed(
  drill: Drill,
  { down, leader }: { readonly down: Member; readonly leader: Member },
): Promise<InjectedFault> {
  const { memberId } = await down.status()
  await drill.hold(connectedMs)
  const killed = await drill.inject(faults.kill, [down])
  await untilInactive(drill, leader, { name: down.name, memberId })
  return killed
}

/** Reads the log, where every version says it; the gauge `etcd_network_active_peers` is newer. */
function untilInactive(
  drill: Drill,
  leader: Member,
  peer: { readonly name: string; readonly memberId: string },
): Promise<void> {
  return drill.becomes(
    'leader-notices-loss',
    `${leader.name} to log that ${peer.name} is inactive`,
    async () => {
      const lines = (await leader.logs()).split('\n')
      const last = lines.findLast(
        (line) => /became (in)?active/.test(line) && line.includes(peer.memberId),
      )
      return last?.includes('became inactive')
        ? done(undefined)
        : notYet(last ?? 'no line about it')
    },
  )
}
