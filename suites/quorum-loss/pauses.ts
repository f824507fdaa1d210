import { type Drill, faults, type Member, type Scenario, workloads } from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { othersWithinOneElection } from '../shared/objectives.ts'
import { faultMs, measureRecovery, sparseWorkload, writeDuringPause } from './expectations.ts'
import { keepLeases, shortLeaseS } from './kept-leases.ts'
import { recoversByElection } from './objectives.ts'

/** The short lease has expired by the old leader's clock when the leader resumes. */
const pauseMs = (drill: Drill) => 1_000 * (shortLeaseS(drill) + 3)
/** A revocation would arrive within this time after the pause. */
const afterMs = 3_000

export const pauses: readonly Scenario[] = [
  {
    id: 'quorum-loss/leader-paused',
    title: 'A leader that resumes after a pause serves no stale read and revokes no renewed lease',
    depth: 'ci',
    minMembers: 3,
    workload: workloads.steady,
    foreignWrites: 'keys with a lease are written beside the workload',
    faults: [faults.pause],
    objectives: othersWithinOneElection,
    act: pauseLeader,
    knownIssue: {
      issue: 'etcd-io/etcd#15247',
      summary:
        'a leader that resumes may revoke leases that expired by its own clock; 3.4.31 and 3.5.13 narrowed it',
      symptom: { expectations: ['short-lease-outlives-pause'] },
      isRare: true,
      versions: {},
    },
  },
  {
    id: 'quorum-loss/all-paused',
    title: 'Pausing all members loses no acknowledged write',
    depth: 'full',
    workload: sparseWorkload,
    faults: [faults.pause],
    objectives: recoversByElection,
    act: async (drill) => {
      const all = await drill.inject(faults.pause, drill.cluster.members)
      await drill.hold(faultMs(drill))
      await measureRecovery(drill, all)
    },
  },
]

async function pauseLeader(drill: Drill): Promise<void> {
  const leader = await drill.cluster.leader()
  const survivor = await oneFollower(drill)
  await using leases = await keepLeases(drill, survivor)
  const pause = await drill.inject(faults.pause, [leader])
  await drill.untilServing()
  await drill.hold(pauseMs(drill))
  await expectNoStaleRead(drill, { leader, survivor, wake: pause.undo })
  await drill.hold(afterMs)
  await leases.expectAlive()
}

const staleKey = 'stale'

/** Sends a read to the paused leader, which receives it on resuming, before any message of a peer. */
async function expectNoStaleRead(
  drill: Drill,
  parts: {
    readonly leader: Member
    readonly survivor: Member
    readonly wake: () => Promise<void>
  },
): Promise<void> {
  const { leader, survivor, wake } = parts
  const written = await writeDuringPause(drill, survivor, staleKey)
  const reading = drill.attempt(leader, { kind: 'get', key: staleKey })
  await wake()
  const read = await reading
  drill.mark('note', `the old leader answered the waiting read: ${read.type}`, leader)
  drill.expect(
    'replaced-leader-serves-no-stale-read',
    'a replaced leader serves no stale linearizable read',
    read.type !== 'ok' || (read.revision ?? 0) >= written,
    `revision ${read.revision} after ${written}`,
  )
}
