import {
  type ClusterSpec,
  type Drill,
  done,
  type Member,
  notYet,
  type Objective,
  poll,
  workloads,
} from '../../harness/index.ts'

/** How long a fault stays in force: several election timeouts, so that its effect is seen whole. */
export const faultMs = 3_000

/**
 * For outages of everybody, when each write has an unknown outcome, and all that a leader had taken
 * in may come true at once when they end. Still dense enough to measure within 20 ms.
 */
export const sparse = { ...workloads.steady, ratePerS: 150 }

/** A member that was killed replays its log and rejoins before it votes. */
export const memberStartMs = 5_000

/** No quorum: nothing that needs one may be answered; what a serializable read needs is local. */
export async function expectMinorityRefuses(drill: Drill, member: Member): Promise<void> {
  const write = await drill.attempt(member, { kind: 'put', key: 'k0', value: freshValue(drill) })
  drill.expect(
    'minority-acknowledges-no-write',
    `${member.name} without quorum acknowledges no write`,
    write.type !== 'ok',
    write.type,
  )
  const read = await drill.attempt(member, { kind: 'get', key: 'k0' })
  drill.expect(
    'minority-serves-no-linearizable-read',
    `${member.name} without quorum serves no linearizable read`,
    read.type !== 'ok',
    read.type,
  )
  const local = await drill.attempt(member, { kind: 'serializable-get', key: 'k0' })
  drill.expect(
    'minority-serves-serializable-reads',
    `${member.name} without quorum serves serializable reads`,
    local.type === 'ok',
    local.error,
  )
}

/** No value is written twice: a read then tells which write it saw. */
export const freshValue = (drill: Drill) => `drill-${drill.nowNs()}`

/** Resolves to the revision of a write that the others acknowledged while their old leader is paused. */
export function writeMeanwhile(drill: Drill, survivor: Member, key: string): Promise<number> {
  return poll(
    async () => {
      const put = { kind: 'put', key, value: freshValue(drill) } as const
      const { type, revision } = await drill.attempt(survivor, put)
      return type === 'ok' && revision !== undefined ? done(revision) : notYet(type)
    },
    { what: 'a write while the old leader is paused', deadlineMs: 5_000 },
  )
}

export async function untilUnhealthy(member: Member, spec: ClusterSpec): Promise<void> {
  await poll(async () => ((await member.isHealthy()) ? notYet('healthy') : done(undefined)), {
    what: `/health of ${member.name} to say that there is no leader`,
    deadlineMs: 10 * spec.electionTimeoutMs,
  })
}

/** Undoes a fault and measures how long it takes until writes and reads are served again. */
export async function measureRecovery(drill: Drill, undo: () => Promise<void>): Promise<void> {
  const startedNs = drill.nowNs()
  await undo()
  await drill.untilServing()
  drill.measure('recoveryMs', (drill.nowNs() - startedNs) / 1e6)
}

/** Detection takes up to two election timeouts, the vote and the clients' way there the rest. */
export function withinOneElection(spec: ClusterSpec): Objective[] {
  const atMost = 3 * spec.electionTimeoutMs + 1_000
  return [
    { measure: 'writeOutageMs', atMost },
    { measure: 'readOutageMs', atMost },
  ]
}

/**
 * No loss has to be noticed first: nobody is elected, or somebody by request, or a leader that hears
 * of a later term steps down at once. A candidate waits for up to two election timeouts; the second
 * is the noise of a busy machine.
 */
export function withinOneVote(spec: ClusterSpec): Objective[] {
  const atMost = 2 * spec.electionTimeoutMs + 1_000
  return [
    { measure: 'writeOutageMs', atMost },
    { measure: 'readOutageMs', atMost },
  ]
}

/** etcd gives up a silent connection to a peer, and dials again, after 5 s (rafthttp). */
const peerConnectionMs = 5_000

/** Votes may have to be repeated, over connections that have to be made anew. */
export function recoversByElection(spec: ClusterSpec): Objective[] {
  return [{ measure: 'recoveryMs', atMost: 5 * spec.electionTimeoutMs + peerConnectionMs }]
}

/** Members have to start first. */
export function recoversByRestart(spec: ClusterSpec): Objective[] {
  return [{ measure: 'recoveryMs', atMost: 5 * spec.electionTimeoutMs + memberStartMs }]
}

export function present(member: Member | undefined): Member {
  if (member === undefined) throw new Error('Expected a member, got none')
  return member
}

/** Nobody was elected meanwhile. */
export async function expectSameTerm(drill: Drill, leader: Member, term: number): Promise<void> {
  const now = await leader.status()
  drill.expect(
    'leader-keeps-term',
    `${leader.name} still leads in the same term`,
    now.leaderId === now.memberId && now.term === term,
    `term ${now.term} after ${term}`,
  )
}
