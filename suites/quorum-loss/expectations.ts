import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Drill,
  done,
  etcd,
  featuresOf,
  type InjectedFault,
  type Member,
  notYet,
  timing,
  workloads,
} from '../../harness/index.ts'
import { rangeForms } from '../shared/range-forms.ts'

/** How long a fault stays in force: several election timeouts, so that its effect shows. */
export const faultMs = ({ cluster }: Drill) => 3 * cluster.spec.electionTimeoutMs

/**
 * For outages of all clients: every write then has an unknown outcome, and a leader may commit all
 * its pending proposals when the outage ends. Still dense enough to measure within 20 ms.
 */
export const sparseWorkload = { ...workloads.steady, ratePerS: 150 }

/** Without quorum a member serves serializable reads, which are local, and nothing else. */
export async function expectMinorityRejects(drill: Drill, member: Member): Promise<void> {
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
  await expectNoForm(drill, member)
  await drill.becomes(
    'minority-serves-serializable-reads',
    `${member.name} without quorum to serve a serializable read`,
    async () => {
      const { type, error } = await drill.attempt(member, { kind: 'serializable-get', key: 'k0' })
      return type === 'ok' ? done(undefined) : notYet(`${type}: ${error ?? 'no error'}`)
    },
  )
}

/** Forms of a range go different ways through etcd, and each has to wait for a quorum. */
async function expectNoForm(drill: Drill, member: Member): Promise<void> {
  const all = { key: 'k', end: etcd.prefixEnd('k') }
  const { has } = featuresOf(drill.cluster.spec.version)
  const client = drill.client(member)
  const served: string[] = []
  const asked = rangeForms(has).map(([form, read]) =>
    read(client, all, 1).then(
      () => served.push(form),
      () => 0,
    ),
  )
  // A range in pieces has no deadline of its own.
  await Promise.race([Promise.all(asked), sleep(client.timeoutMs)])
  drill.expect(
    'minority-serves-no-form-of-range',
    `${member.name} without quorum serves no linearizable range in any form`,
    served.length === 0,
    `one ${served.join(', one ')}`,
  )
}

/** A member has then answered what it got no quorum for. */
export const givenUpMs = ({ cluster }: Drill) => timing.requestTimeoutMs(cluster.spec) + 3_000

/** To clients that wait until the member itself gives up, it still acknowledges nothing. */
export async function expectOwnRefusal(drill: Drill, member: Member): Promise<void> {
  const patience = { timeoutMs: givenUpMs(drill) }
  const put = { kind: 'put', key: 'k0', value: freshValue(drill) } as const
  const [write, read] = await Promise.all([
    drill.attempt(member, put, patience),
    drill.attempt(member, { kind: 'get', key: 'k0' }, patience),
  ])
  drill.expect(
    'minority-gives-up-without-serving',
    `${member.name} without quorum serves neither a write nor a linearizable read that waits for its answer`,
    write.type !== 'ok' && read.type !== 'ok',
    `${write.type} and ${read.type}`,
  )
}

/** A value that no other write has, so that a read identifies its write. */
const freshValue = (drill: Drill) => `drill-${drill.nowNs()}`

/** Resolves to the revision of a write that the others acknowledge while their old leader is paused. */
export function writeDuringPause(drill: Drill, survivor: Member, key: string): Promise<number> {
  return drill.becomes(
    'others-serve-without-leader',
    `${survivor.name} to acknowledge a write while the old leader is paused`,
    async () => {
      const put = { kind: 'put', key, value: freshValue(drill) } as const
      const { type, revision } = await drill.attempt(survivor, put)
      return type === 'ok' && revision !== undefined ? done(revision) : notYet(type)
    },
  )
}

/** A member without quorum knows it within two election timeouts, and its probe too. */
export async function untilUnhealthy(drill: Drill, member: Member): Promise<void> {
  await drill.becomes(
    'minority-is-unhealthy',
    `/health of ${member.name} to report that it has no leader`,
    async () => ((await member.isHealthy()) ? notYet('healthy') : done(undefined)),
    { deadlineMs: drill.deadlines.leaderMs },
  )
}

/** A leader that hears of no quorum for an election timeout steps down (raft's check of its quorum). */
export async function untilSteppedDown(drill: Drill, leader: Member): Promise<void> {
  await drill.becomes(
    'isolated-leader-steps-down',
    `${leader.name} without quorum to name itself the leader no more`,
    async () => {
      const { leaderId, memberId } = await leader.status()
      return leaderId === memberId ? notYet('it names itself') : done(undefined)
    },
    { deadlineMs: drill.deadlines.leaderMs },
  )
}

/**
 * Undoes a fault and measures the time until writes and reads are served again: from the begin of the
 * undo, without the wait for the fault's proof.
 */
export async function measureRecovery(drill: Drill, injected: InjectedFault): Promise<void> {
  await injected.proved()
  const startedNs = drill.nowNs()
  await injected.undo()
  await drill.untilServing()
  drill.measure('recoveryMs', (drill.nowNs() - startedNs) / 1e6)
}

/** No election took place since. */
export async function expectSameTerm(drill: Drill, leader: Member, term: number): Promise<void> {
  const now = await leader.status()
  drill.expect(
    'leader-keeps-term',
    `${leader.name} still leads in the same term`,
    now.leaderId === now.memberId && now.term === term,
    `term ${now.term} after ${term}`,
  )
}
