import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ThroughputMeasurement,
  type ThroughputRecord,
  throughputFile,
} from '../../harness/run-record/throughput-record.ts'

/** Writes what a scenario of the run directory measured. */
export function writeThroughput(directory: string, id: string, content: unknown): void {
  writeFileSync(join(directory, 'scenarios', id, throughputFile), JSON.stringify(content))
}

export function sampleThroughput(...changes: Partial<ThroughputMeasurement>[]): ThroughputRecord {
  const measurements = changes.map((change) => ({ ...measurement, ...change }))
  return {
    format: 'gauntlet-throughput/1',
    keys: 1_000,
    keyBytes: 8,
    valueBytes: 256,
    measurements,
  }
}

const syncs = { count: 900, meanMs: 1.2, p99AtMostMs: 4 }
const round = {
  writesPerS: 3_000,
  eachSecond: [2_990, 3_005, 3_005],
  elapsedMs: 4_000,
  otherProcessCores: 0.1,
  proof: { revisionBefore: 2, revisionAfter: 9_102, atLeast: 9_100, atMost: 9_100, holds: true },
  costs: ['m1', 'm2', 'm3'].map((member) => ({
    member,
    cpuS: 1,
    residentBytes: 60e6,
    walFsync: syncs,
    backendCommit: syncs,
  })),
}

const measurement: ThroughputMeasurement = {
  generator: 'etcd3',
  target: 'leader',
  members: ['m1'],
  clients: 64,
  windowMs: 3_000,
  writesPerS: 3_000,
  latency: { p50Ms: 20.1, p90Ms: 31, p99Ms: 58, p999Ms: 101, maxMs: 140.5 },
  histogram: '',
  sent: 9_100,
  acknowledged: 9_100,
  errors: {},
  cpuCores: 0.92,
  busy: 0.97,
  rounds: [round],
  warnings: [],
}
