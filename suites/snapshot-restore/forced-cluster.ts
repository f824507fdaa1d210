import {
  type Drill,
  etcd,
  faults,
  type Member,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { forceNewCluster } from '../shared/force-new-cluster.ts'
import { forcedLearner, keptLearners, oneMemberLeft } from '../shared/forced-learner.ts'
import { expectExit } from '../shared/member-exit.ts'
import { joinWithEmptyDisk, listMembers } from '../shared/membership.ts'
import { abandonedCluster } from './disaster.ts'
import { expectAsOf, expectServes, measureRecoveryPoint } from './expectations.ts'

export const forcedCluster: readonly Scenario[] = [
  {
    id: 'snapshot-restore/forced-from-leader',
    title:
      'A leader forced into a new cluster keeps every acknowledged write and grows back to three',
    depth: 'ci',
    minMembers: 3,
    workload: workloads.steady,
    faults: [faults.destroy],
    act: async (drill) => {
      const survivor = await drill.cluster.leader()
      const others = await drill.cluster.followers()
      const lostNs = drill.nowNs()
      await drill.inject(faults.destroy, others)
      await drill.hold(outageMs)
      await forceNewCluster(drill, survivor)
      await drill.untilServing()
      drill.measure('recoveryMs', (drill.nowNs() - lostNs) / 1e6)
      for (const other of others) await joinWithEmptyDisk(drill, survivor, other)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/forced-from-follower',
    title: 'A follower forced into a new cluster holds a state that the old cluster had',
    depth: 'full',
    minMembers: 3,
    act: async (drill) => {
      const survivor = await oneFollower(drill)
      const others = drill.cluster.members.filter((member) => member !== survivor)
      await drill.hold(outageMs)
      await drill.inject(faults.destroy, others)
      await drill.stopWorkload()
      await forceNewCluster(drill, survivor)
      for (const { name } of others) await drill.cluster.removeMember(name)
      const { revision } = await etcd.range(drill.client(survivor), { key: 'k0' })
      await expectAsOf(drill, revision)
      measureRecoveryPoint(drill, revision)
      await expectServes(drill)
    },
  },
  {
    id: 'snapshot-restore/forced-old-members-refused',
    title: 'A forced cluster rejects returning members of the old one',
    depth: 'full',
    minMembers: 3,
    workload: workloads.steady,
    faults: [faults.destroy],
    skippedCheckers: {
      convergence: oneMemberLeft,
      logs: 'the scenario expects the old members to exit with a fatal line',
    },
    act: async (drill) => {
      const survivor = await drill.cluster.leader()
      const others = await drill.cluster.followers()
      await drill.inject(faults.destroy, others)
      await forceNewCluster(drill, survivor)
      await drill.untilServing()
      for (const other of others) await expectExitAsRemoved(drill, other, survivor)
      for (const { name } of others) await drill.cluster.removeMember(name)
    },
  },
  {
    ...forcedLearner,
    id: 'snapshot-restore/forced-with-learner',
    depth: 'full',
    knownIssue: keptLearners,
  },
]

const outageMs = 1_000

/** An old member learns from the survivor that it was removed, and exits. */
async function expectExitAsRemoved(drill: Drill, old: Member, survivor: Member): Promise<void> {
  await expectExit(drill, {
    id: 'old-member-exits-as-removed',
    sentence: `${old.name} to learn that it was removed, and to exit`,
    member: old,
    start: () => old.start(),
    logs: /permanently removed from the cluster/,
  })
  const rows = await listMembers(drill, survivor)
  drill.expect(
    'forced-cluster-keeps-one-member',
    'the forced cluster still has one member',
    rows.length === 1,
    `${rows.length}`,
  )
}
