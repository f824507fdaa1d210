import {
  type Drill,
  faults,
  type History,
  type Member,
  operations,
  type Scenario,
} from '../../harness/index.ts'
import { leaderLast } from '../shared/by-role.ts'
import { mebibyte } from '../shared/etcd/limits.ts'
import { readMetric } from '../shared/member-metric.ts'
import { quotaBytes, quotaScenario, withQuota, write } from './quota.ts'
import { compactAll } from './recovery.ts'

/** Writes, compacts and writes again, so that half of the database is free. */
const freedBytes = 24 * mebibyte
const keptBytes = 12 * mebibyte

export const defragmentation: readonly Scenario[] = [
  {
    ...quotaScenario,
    id: 'quota-alarms/defragmented-while-serving',
    title: 'Defragmenting the members one by one frees space while the others serve',
    depth: 'full',
    adjustSpec: withQuota(8 * quotaBytes),
    faults: [faults.defragment],
    act: async (drill) => {
      const { cluster } = drill
      const leader = await cluster.leader()
      await write(drill, leader, freedBytes)
      await compactAll(drill)
      await write(drill, leader, keptBytes)
      const calmNs = drill.nowNs()
      await drill.hold(calmMs)
      drill.measure('calmP99Ms', percentile(latencies(drill.history(), calmNs, drill.nowNs()), 99))
      const all: DefragmentationCost[] = []
      for (const member of await leaderLast(drill)) {
        all.push(await defragmentMeasured(drill, member))
      }
      const felt = all.flatMap(({ latenciesMs }) => latenciesMs)
      drill.measure('defragmentedP99Ms', percentile(felt, 99))
      drill.measure('defragmentedMaxMs', percentile(felt, 100))
      drill.measure('freedBytes', Math.min(...all.map(({ freedBytes }) => freedBytes)))
    },
  },
]

const calmMs = 2_000
const databaseSize = 'etcd_mvcc_db_total_size_in_bytes'

interface DefragmentationCost {
  /** Of all requests that were open meanwhile, through any member, in milliseconds. */
  readonly latenciesMs: readonly number[]
  readonly freedBytes: number
}

async function defragmentMeasured(drill: Drill, member: Member): Promise<DefragmentationCost> {
  const before = await readMetric(member, databaseSize)
  const startedNs = drill.nowNs()
  const defragmented = await drill.inject(faults.defragment, [member])
  const endedNs = drill.nowNs()
  await defragmented.undo()
  await drill.untilServing()
  const after = await readMetric(member, databaseSize)
  drill.expect(
    'defragmentation-frees-space',
    `the defragmentation of ${member.name} frees space`,
    after < before,
    `${after} bytes after ${before}`,
  )
  const latenciesMs = latencies(drill.history(), startedNs, endedNs)
  return { latenciesMs, freedBytes: before - after }
}

/** Latencies, in milliseconds, of answered requests that were open between the two times. */
function latencies(history: History, fromNs: number, toNs: number): number[] {
  return operations(history).flatMap(({ outcome, invoke, completion }) => {
    if (outcome !== 'ok' || completion === undefined) return []
    if (invoke.timeNs > toNs || completion.timeNs < fromNs) return []
    return [(completion.timeNs - invoke.timeNs) / 1e6]
  })
}

function percentile(values: readonly number[], percent: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const index = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)
  return sorted[index] ?? null
}
