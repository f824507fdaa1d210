import {
  type Drill,
  done,
  faults,
  featuresOf,
  type KnownIssue,
  type Member,
  notYet,
  type Scenario,
  withOptionsForVersion,
  workloads,
} from '../../harness/index.ts'
import { forceNewCluster } from './force-new-cluster.ts'
import { addToMemberList, findListedMember } from './membership.ts'

/** So small that the survivor soon makes a snapshot of its own which contains the learner. */
const snapshotCount = 50

/** The bug that this shows, for every scenario that does it. */
export const keptLearners = {
  issue: 'etcd-io/etcd#20893',
  summary: 'a member forced into a new cluster keeps learners of the old one',
  versions: { fixedIn: ['3.5.25', '3.6.6'] },
  symptom: { expectations: ['forced-cluster-has-one-member'] },
} as const satisfies KnownIssue

/** Why no members can be compared where a forced cluster stays alone. */
export const oneMemberLeft = 'one member is left to compare'

/** A learner joins, the leader survives alone and is forced into a new cluster: it has one member. */
export const forcedLearner = {
  title: 'A member forced into a new cluster removes learners as well as voters',
  notApplicable: ({ version }) =>
    featuresOf(version).has('learners') ? undefined : `etcd ${version} has no learners`,
  adjustSpec: (spec) => withOptionsForVersion(spec, { 'snapshot-count': String(snapshotCount) }),
  workload: workloads.steady,
  faults: [faults.destroy],
  skippedCheckers: { convergence: oneMemberLeft },
  act: async (drill) => {
    const survivor = await drill.cluster.leader()
    const { initialCluster } = await addToMemberList(drill, {
      through: survivor,
      name: 'learner',
      learner: true,
    })
    await drill.cluster.startMember({ name: 'learner', initialCluster })
    await findListedMember(drill, { through: survivor, name: 'learner' })
    await untilSnapshotBeyond(drill, survivor, (await survivor.status()).raftIndex)
    const others = drill.cluster.members.filter((member) => member !== survivor)
    await drill.inject(faults.destroy, others)
    await forceNewCluster(drill, survivor)
    for (const { name } of others) await drill.cluster.removeMember(name)
  },
} as const satisfies Omit<Scenario, 'id' | 'depth'>

/** Waits until the member's log says that it saved a raft snapshot beyond that index. */
async function untilSnapshotBeyond(drill: Drill, member: Member, raftIndex: number): Promise<void> {
  await drill.becomes(
    'raft-snapshot-is-taken',
    `${member.name} to take a raft snapshot beyond index ${raftIndex}`,
    async () => {
      const saved = (await member.logs()).matchAll(/"saved snapshot[^"]*","snapshot-index":(\d+)/g)
      const last = Number([...saved].at(-1)?.[1] ?? 0)
      return last > raftIndex ? done(undefined) : notYet(`index ${last}`)
    },
  )
}
