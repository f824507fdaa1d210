import { type Drill, faults, type Scenario, workloads } from '../../harness/index.ts'
import { withinOneElection } from '../shared/objectives.ts'
import { needsTarget } from '../shared/upgrade-target.ts'
import { ageCluster, agingFaults, verifyingMembers, withEarlySnapshots } from './aging.ts'
import { needsMixedCluster } from './applicability.ts'
import { expectClusterVersion, expectOperation, rollTo, untilClusterVersion } from './steps.ts'

/** Declared by name: its image is the run's. */
const upgradeFault = { name: 'upgrade', effect: 'changes', needs: {}, exits: true } as const

/**
 * The promotion of a learner is missing in the store that 3.6 reads the members from: there a
 * promoted member of 3.5.16 has no name until it starts as 3.6 itself.
 */
const promotionLost = {
  issue: 'etcd-io/etcd#19557',
  summary: 'a member that 3.5 promoted from a learner is another one in the list of 3.6',
  versions: { since: ['3.5.0'], fixedIn: ['3.5.20'] },
  upgradesTo: { since: ['3.6.0'] },
  symptom: {
    expectations: ['mixed-members-list-the-same', 'lists-have-running-members-alone'],
  },
} as const

export const rolling: readonly Scenario[] = [
  {
    id: 'upgrade/rolling',
    title: 'A rolling upgrade of an aged cluster loses no acknowledged write',
    depth: 'quick',
    notApplicable: needsTarget,
    adjustSpec: withEarlySnapshots,
    settings: verifyingMembers,
    workload: workloads.steady,
    faults: agingFaults,
    objectives: withinOneElection,
    knownIssue: promotionLost,
    act: async (drill) => {
      await ageCluster(drill)
      let from = drill.etcd
      for (const to of drill.upgradeTo) {
        await rollTo(drill, { from, to })
        from = to
      }
    },
  },
  {
    id: 'upgrade/rolled-back',
    title: 'A half-done upgrade rolls back without losing an acknowledged write',
    depth: 'ci',
    notApplicable: needsMixedCluster,
    adjustSpec: withEarlySnapshots,
    settings: verifyingMembers,
    workload: workloads.steady,
    faults: [...agingFaults, upgradeFault],
    objectives: withinOneElection,
    knownIssue: promotionLost,
    act: rollBackHalf,
  },
]

/** Every member but the leader is upgraded: more would raise the version of the cluster. */
async function rollBackHalf(drill: Drill): Promise<void> {
  await ageCluster(drill)
  const [target] = drill.upgradeTo
  if (target === undefined) return
  const { image, version } = target
  const leader = await drill.cluster.leader()
  const followers = await drill.cluster.followers()
  const upgrade = faults.upgrade({ image, version })
  const upgraded = []
  for (const member of followers) {
    upgraded.push(await drill.inject(upgrade, [member]))
    await drill.cluster.untilHealthy()
  }
  await expectOperation(drill, { [drill.etcd.version]: [leader], [version]: followers })
  await expectClusterVersion(drill, drill.etcd.version)
  for (const each of upgraded.reverse()) {
    await each.undo()
    await drill.cluster.untilHealthy()
  }
  await expectOperation(drill, { [drill.etcd.version]: drill.cluster.members })
  await untilClusterVersion(drill, drill.etcd.version)
}
