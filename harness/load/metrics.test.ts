import { expect, test } from 'vitest'
import { costBetween, parseMetrics } from './metrics.ts'

function metrics({ cpuS = 1.5, fsyncs = [0, 0, 0], sumS = 0 }: Partial<Sample> = {}): string {
  const [oneMs = 0, fourMs = 0, more = 0] = fsyncs
  const histogram = (name: string) => `# TYPE ${name} histogram
${name}_bucket{le="0.001"} ${oneMs}
${name}_bucket{le="0.004"} ${oneMs + fourMs}
${name}_bucket{le="+Inf"} ${oneMs + fourMs + more}
${name}_sum ${sumS}
${name}_count ${oneMs + fourMs + more}`
  return `process_cpu_seconds_total ${cpuS}
process_resident_memory_bytes 6.5e+07
${histogram('etcd_disk_wal_fsync_duration_seconds')}
${histogram('etcd_disk_backend_commit_duration_seconds')}
`
}

interface Sample {
  readonly cpuS: number
  /** Up to 1 ms, up to 4 ms, longer. */
  readonly fsyncs: readonly number[]
  readonly sumS: number
}

function cost(before: Partial<Sample>, after: Partial<Sample>) {
  const texts = { before: parseMetrics(metrics(before)), after: parseMetrics(metrics(after)) }
  return costBetween('m1', texts)
}

test('a cost counts only what happened between the two readings', () => {
  const before = { cpuS: 1, fsyncs: [1_000, 0, 0], sumS: 1 }
  const found = cost(before, { cpuS: 3.5, fsyncs: [1_050, 50, 0], sumS: 1.2 })
  expect(found).toMatchObject({ member: 'm1', cpuS: 2.5, residentBytes: 65_000_000 })
  expect(found.walFsync).toMatchObject({ count: 100, p99AtMostMs: 4 })
  expect(found.walFsync.meanMs).toBeCloseTo(2)
})

test('the 99th percentile is the bound of its bucket, and null beyond the last bound', () => {
  expect(cost({}, { fsyncs: [99, 1, 0] }).walFsync.p99AtMostMs).toBe(1)
  expect(cost({}, { fsyncs: [98, 2, 0] }).walFsync.p99AtMostMs).toBe(4)
  expect(cost({}, { fsyncs: [90, 2, 8] }).walFsync.p99AtMostMs).toBeNull()
})

test('a disk without a write has no latency', () => {
  expect(cost({}, {}).walFsync).toEqual({ count: 0, meanMs: null, p99AtMostMs: null })
})

test('a page that lacks a needed metric is an error that names it', () => {
  expect(() => parseMetrics('process_cpu_seconds_total 1')).toThrow(/resident_memory_bytes/)
})

test('the share of the quota is known where the page has both, under the older name too', () => {
  const share = (lines: string) => parseMetrics(`${metrics()}${lines}`).quotaShare
  expect(share('etcd_server_quota_backend_bytes 200\netcd_mvcc_db_total_size_in_bytes 50')).toBe(
    0.25,
  )
  const older = 'etcd_debugging_mvcc_db_total_size_in_bytes 150'
  expect(share(`etcd_server_quota_backend_bytes 200\n${older}`)).toBe(0.75)
  expect(share('etcd_mvcc_db_total_size_in_bytes 50')).toBeNull()
  // Switched off.
  expect(share('etcd_server_quota_backend_bytes 0\netcd_mvcc_db_total_size_in_bytes 50')).toBeNull()
})
