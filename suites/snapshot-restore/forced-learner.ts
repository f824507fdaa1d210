import {
  behaviourOf,
  type ClusterSpec,
  type KnownIssue,
  type Scenario,
  workloads,
} from '../../harness/index.ts'
import { announce } from '../member-replacement/membership.ts'
import { forceAlone } from './force-new-cluster.ts'
import { lostForGood } from './lost.ts'

/** So small that every member has made a snapshot of its own by the time of the disaster. */
const snapshotCount = 50

export const forcedLearner: readonly Scenario[] = [
  {
    id: 'snapshot-restore/forced-with-learner',
    title: 'A member forced into a new cluster leaves learners behind as well as voters',
    depth: 'full',
    notApplicable: ({ version }) =>
      behaviourOf(version).has('learners') ? undefined : `etcd ${version} has no learners`,
    shape: (spec) => ({
      ...spec,
      options: { ...spec.options, 'snapshot-count': String(snapshotCount) },
    }),
    workload: workloads.steady,
    faults: [lostForGood],
    knownIssue,
    act: async (drill) => {
      const survivor = await drill.cluster.leader()
      const { initialCluster } = await announce(drill, {
        through: survivor,
        name: 'learner',
        learner: true,
      })
      await drill.cluster.startMember({ name: 'learner', initialCluster })
      await drill.dwell(snapshotsMs)
      const others = drill.cluster.members.filter((member) => member !== survivor)
      await drill.inject(lostForGood, others)
      await forceAlone(drill, survivor)
      for (const { name } of others) await drill.cluster.removeMember(name)
    },
  },
]

/** Several times `snapshotCount` writes of the workload. */
const snapshotsMs = 2_000

function knownIssue({ version }: ClusterSpec): KnownIssue | undefined {
  if (behaviourOf(version).has('forced-without-learners')) return undefined
  return {
    issue: 'etcd-io/etcd#20893',
    summary: 'learners of a snapshot survive --force-new-cluster; fixed in 3.5.25 and 3.6.6',
    symptom: /expected that a forced cluster has one member/,
  }
}
