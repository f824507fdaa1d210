import { type Drill, faults, type Member, type Scenario } from '../../harness/index.ts'
import { givenUp, loseEverything } from './disaster.ts'
import {
  besidesPrefix,
  expectAsOf,
  expectOneState,
  expectSameRows,
  measureRecoveryPoint,
  readStore,
} from './expectations.ts'
import { lastAcknowledged } from './expected-state.ts'
import { restoreInPlace } from './restore.ts'
import { takeSnapshot } from './take-snapshot.ts'

export const online: readonly Scenario[] = [
  {
    ...givenUp,
    id: 'snapshot-restore/taken-from-leader',
    title: 'A snapshot taken from the leader under load has every write that it had acknowledged',
    depth: 'full',
    act: async (drill) => takeUnderLoad(drill, await drill.cluster.leader()),
  },
  {
    ...givenUp,
    id: 'snapshot-restore/taken-from-follower',
    title: 'A snapshot taken from a follower under load has every write that it had acknowledged',
    depth: 'ci',
    act: async (drill) => {
      const [follower] = (await drill.cluster.followers()) as [Member]
      await takeUnderLoad(drill, follower)
    },
  },
  {
    ...givenUp,
    id: 'snapshot-restore/taken-while-cut-off',
    title: 'A snapshot taken from an isolated member is stale without any warning',
    depth: 'full',
    faults: [...givenUp.faults, faults.isolate],
    act: async (drill) => {
      const [follower] = (await drill.cluster.followers()) as [Member]
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
const beside = { keys: 100, valueBytes: 32 * 1_024 }

/** Some megabytes beside the workload, so that clients write while the snapshot is streamed. */
async function fill(drill: Drill, member: Member): Promise<void> {
  const value = 'x'.repeat(beside.valueBytes)
  const put = (index: number) =>
    drill.attempt(member, { kind: 'put', key: `${besidesPrefix}${index}`, value })
  await Promise.all(Array.from({ length: beside.keys }, (_, index) => put(index)))
}

/** What a member acknowledged it had applied, so its own snapshot has it; others may have more. */
async function takeUnderLoad(drill: Drill, member: Member): Promise<void> {
  await fill(drill, member)
  const acknowledged = lastAcknowledged(drill.history(), member.name)
  const { content, revision, totalKeys } = await takeSnapshot(drill, member)
  drill.expect(
    'snapshot-has-acknowledged-writes',
    'the snapshot has all that its member acknowledged before',
    revision >= acknowledged,
    `revision ${revision}, acknowledged ${acknowledged}`,
  )
  drill.expect(
    'snapshot-status-counts-keys',
    'the status of the snapshot counts its keys',
    totalKeys >= beside.keys,
    `${totalKeys}`,
  )
  const before = await readStore(drill.client(member), revision)
  await loseEverything(drill)
  await restoreInPlace(drill, content)
  await expectAsOf(drill, revision)
  await expectSameRows(drill, before)
  measureRecoveryPoint(drill, revision)
  await expectOneState(drill)
}
