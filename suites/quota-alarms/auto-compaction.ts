import {
  type Drill,
  etcd,
  GuaranteeBrokenError,
  type Member,
  type Scenario,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { mebibyte } from '../shared/etcd/limits.ts'
import { quotaBytes, quotaScenario, withQuota, write } from './quota.ts'

const stepBytes = mebibyte

export const compaction: readonly Scenario[] = [
  {
    ...quotaScenario,
    id: 'quota-alarms/auto-compaction-periodic',
    title: 'Periodic auto-compaction keeps a cluster below its quota under overwrites',
    depth: 'full',
    adjustSpec: withQuota(quotaBytes, {
      'auto-compaction-mode': 'periodic',
      'auto-compaction-retention': '1s',
    }),
    faults: [],
    act: (drill) => overwriteBeyondQuota(drill, { quota: quotaBytes, times: 2, pauseMs: 400 }),
  },
  {
    ...quotaScenario,
    id: 'quota-alarms/auto-compaction-revision',
    title: 'Auto-compaction by revision, every five minutes, keeps a cluster below its quota',
    depth: 'full',
    adjustSpec: withQuota(2 * quotaBytes, {
      'auto-compaction-mode': 'revision',
      'auto-compaction-retention': '100',
    }),
    faults: [],
    // Writes two thirds of the quota in five minutes: the workload's own revisions need room too.
    act: (drill) =>
      overwriteBeyondQuota(drill, { quota: 2 * quotaBytes, times: 1.1, pauseMs: 14_000 }),
  },
]

interface Pressure {
  readonly quota: number
  /** What to write, as a multiple of the quota: it does not fit without compaction. */
  readonly times: number
  readonly pauseMs: number
}

/** Writes a mebibyte at a time, slowly enough for a compaction before the quota is full. */
async function overwriteBeyondQuota(
  drill: Drill,
  { quota, times, pauseMs }: Pressure,
): Promise<void> {
  const leader = await drill.cluster.leader()
  const overwriting = drill.window('overwriting', 'degrades', [leader])
  let written = 0
  while (written < times * quota) {
    await write(drill, leader, stepBytes).catch((thrown: unknown) => {
      if (!isError(thrown, etcdErrors.spaceExceeded)) throw thrown
      throw new GuaranteeBrokenError(
        `expected auto-compaction to leave room, observed a write rejected for space after ${written} bytes`,
        { expectation: 'auto-compaction-leaves-room' },
      )
    })
    written += stepBytes
    await drill.hold(pauseMs)
  }
  drill.measure('overwrittenBytes', written)
  await overwriting.undo()
  await expectRoom(drill, quota)
}

async function expectRoom(drill: Drill, quota: number): Promise<void> {
  const [member] = drill.cluster.members as [Member]
  const alarms = await etcd.alarms(drill.client(member))
  drill.expect(
    'auto-compaction-prevents-alarm',
    'no alarm is on',
    alarms.length === 0,
    alarms.map(({ type }) => type).join(', '),
  )
  const sizes = drill.cluster.members.map(async (each) => {
    const { dbSizeBytes } = await etcd.status(drill.client(each))
    drill.expect(
      'auto-compaction-bounds-database',
      `the database of ${each.name} stays below the quota without a defragmentation`,
      dbSizeBytes < quota,
      `${dbSizeBytes} bytes`,
    )
    return dbSizeBytes
  })
  drill.measure('databaseBytes', Math.max(...(await Promise.all(sizes))))
}
