import { type Drill, etcd, faults, type Member, type Scenario } from '../../harness/index.ts'
import { oneFollower } from '../shared/by-role.ts'
import { abandonedCluster, loseEverything } from './disaster.ts'
import {
  besidesPrefix,
  expectAsOf,
  expectOneState,
  expectSameHash,
  expectSameRows,
  measureRecoveryPoint,
  readStore,
} from './expectations.ts'
import { lastAcknowledged } from './expected-state.ts'
import { restoreInPlace } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

export const snapshotUnderLoad: readonly Scenario[] = [
  {
    ...abandonedCluster,
    id: 'snapshot-restore/taken-from-leader',
    title: 'A snapshot taken from the leader under load has every write that it had acknowledged',
    depth: 'full',
    act: async (drill) => takeUnderLoad(drill, await drill.cluster.leader()),
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/taken-from-follower',
    title: 'A snapshot taken from a follower under load has every write that it had acknowledged',
    depth: 'ci',
    minMembers: 3,
    act: async (drill) => {
      const follower = await oneFollower(drill)
      await takeUnderLoad(drill, follower)
    },
  },
  {
    ...abandonedCluster,
    id: 'snapshot-restore/taken-while-cut-off',
    title: 'A snapshot taken from an isolated member is stale without any warning',
    depth: 'full',
    minMembers: 3,
    faults: [...abandonedCluster.faults, faults.isolate],
    act: async (drill) => {
      const follower = await oneFollower(drill)
      const isolated = await drill.inject(faults.isolate, [follower])
      await drill.hold(cutOffMs)
      const newest = lastAcknowledged(drill.history())
      const { content, revision } = await takeSnapshot(drill, follower)
      await isolated.undo()
      drill.measure('staleRevisions', newest - revision)
      drill.expect(
        'isolated-snapshot-is-stale',
        'the snapshot is older than the cluster',
        revision < newest,
        `${revision}`,
      )
      await loseEverything(drill)
      await restoreInPlace(drill, content)
      await expectAsOf(drill, revision)
      measureRecoveryPoint(drill, revision)
    },
  },
]

const cutOffMs = 3_000
const besideWrites = { keys: 100, valueBytes: 32 * 1_024 }

/** Writes some megabytes, so that clients write while the snapshot is streamed. */
async function writeBeside(drill: Drill, member: Member): Promise<void> {
  const value = 'x'.repeat(besideWrites.valueBytes)
  const put = (index: number) =>
    drill.attempt(member, { kind: 'put', key: `${besidesPrefix}${index}`, value })
  await Promise.all(Array.from({ length: besideWrites.keys }, (_, index) => put(index)))
}

/** A member applies what it acknowledges, so its snapshot has it; other members may have more. */
async function takeUnderLoad(drill: Drill, member: Member): Promise<void> {
  await writeBeside(drill, member)
  const { content, revision, totalKeys } = await takeSnapshot(drill, member)
  const before = await readStore(drill.client(member), { atRevision: revision })
  const hash = await etcd.hashKV(drill.client(member), revision)
  // The status counts every revision of a key, and puts of unknown outcome may be among them.
  drill.expect(
    'snapshot-status-counts-keys',
    'the status of the snapshot counts at least the keys at its revision',
    totalKeys >= before.length,
    `${totalKeys} in the status, ${before.length} in the store`,
  )
  await loseEverything(drill)
  await restoreInPlace(drill, content)
  await expectAsOf(drill, revision)
  await expectSameRows(drill, before)
  await expectSameHash(drill, { revision, before: hash })
  measureRecoveryPoint(drill, revision)
  await expectOneState(drill)
}
