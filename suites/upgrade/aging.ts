import {
  type ClusterSpec,
  type Drill,
  etcd,
  faults,
  featuresOf,
  type Member,
  type MemberSettings,
} from '../../harness/index.ts'
import {
  addToMemberList,
  joinWithEmptyDisk,
  removeFromMemberList,
  untilHealthy,
} from '../shared/membership.ts'
import { untilPromoted } from '../shared/promotion.ts'
import { restartUntilHealthy } from '../shared/restart.ts'

/** What `ageCluster` injects. */
export const agingFaults = [faults.restart, faults.compact]

const snapshotCount = '200'

/** Few entries a raft snapshot, so that a cluster of seconds has what one of months has. */
export function withEarlySnapshots(spec: ClusterSpec): ClusterSpec {
  return { ...spec, options: { 'snapshot-count': snapshotCount, ...spec.options } }
}

/** etcd's own assertions: a member panics where one fails, which breaks the `logs` checker. */
export function verifyingMembers({ members }: ClusterSpec): Record<string, MemberSettings> {
  const environment = { ETCD_VERIFY: 'all' }
  return Object.fromEntries(members.map(({ name }) => [name, { environment }]))
}

/**
 * Gives a new cluster the past of an old one, under load: a replaced member, a promoted learner, a
 * snapshot taken, each member restarted, the history compacted. Bugs of upgrades hide in such
 * clusters: https://github.com/etcd-io/etcd/issues/20967.
 */
export async function ageCluster(drill: Drill): Promise<void> {
  const through = await drill.cluster.leader()
  const [replaced, promoted] = await drill.cluster.followers()
  if (replaced !== undefined && promoted !== undefined) {
    await leave(drill, through, replaced)
    await joinWithEmptyDisk(drill, through, replaced)
    if (featuresOf(drill.cluster.spec.version).has('learners')) {
      await leave(drill, through, promoted)
      await joinAsLearner(drill, through, promoted)
    }
  }
  await takeSnapshot(drill, through)
  for (const member of drill.cluster.members) await restartUntilHealthy(drill, member)
  const compacted = await drill.inject(faults.compact, [await drill.cluster.leader()])
  await compacted.undo()
  await drill.untilSteady('after')
}

/** Stopped first: a member that is removed while it runs may panic. */
async function leave(drill: Drill, through: Member, member: Member): Promise<void> {
  const leaving = drill.window('leave', 'removes', [member])
  await member.stop()
  await removeFromMemberList(drill, { through, name: member.name })
  await leaving.undo()
}

async function joinAsLearner(drill: Drill, through: Member, member: Member): Promise<void> {
  const { name } = member
  const { id, initialCluster } = await addToMemberList(drill, { through, name, learner: true })
  const replaced = drill.window('member-replaced', 'removes', [member])
  await member.recreate({ wipeData: true, initialClusterState: 'existing', initialCluster })
  await untilPromoted(drill, { through, id, name })
  await untilHealthy(drill, member)
  await replaced.undo()
}

async function takeSnapshot(drill: Drill, member: Member): Promise<void> {
  let bytes = 0
  for await (const piece of etcd.snapshot(drill.client(member))) bytes += piece.length
  drill.mark('note', `a snapshot of ${bytes} bytes was taken`, member)
}
