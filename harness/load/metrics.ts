import { EnvironmentError, messageOf } from '../core/errors.ts'
import {
  type Histogram,
  histogramOf,
  parsePrometheus,
  type Sample,
  sumOf,
} from '../core/etcd/prometheus.ts'

/** What a member's own `/metrics` page counts since its process started. */
export interface MemberMetrics {
  readonly cpuS: number
  readonly residentBytes: number
  /** How much of its quota the database takes, 1 when full; null where the member does not say. */
  readonly quotaShare: number | null
  /** Seconds. */
  readonly walFsync: Histogram
  /** Seconds. */
  readonly backendCommit: Histogram
}

/** What a member used between two readings of its metrics. */
export interface MemberCost {
  readonly member: string
  readonly cpuS: number
  /** At the end. */
  readonly residentBytes: number
  readonly walFsync: DurationSummary
  readonly backendCommit: DurationSummary
}

interface DurationSummary {
  readonly count: number
  readonly meanMs: number | null
  /** The bound of its bucket; null without observations, and when it is beyond the last bound. */
  readonly p99AtMostMs: number | null
}

/** Throws an EnvironmentError when no page is to be had, or not a whole one. */
export async function readMetrics(endpoint: string, timeoutMs = 5_000): Promise<MemberMetrics> {
  try {
    const response = await fetch(`${endpoint}/metrics`, { signal: AbortSignal.timeout(timeoutMs) })
    return parseMetrics(await response.text())
  } catch (thrown) {
    const found = messageOf(thrown)
    throw new EnvironmentError(`Expected metrics at ${endpoint}, got: ${found}`, {}, thrown)
  }
}

/** Throws an EnvironmentError for a page without a cost: a missing metric is not 0. */
export function parseMetrics(text: string): MemberMetrics {
  const samples = parsePrometheus(text)
  return {
    cpuS: numberOf(samples, 'process_cpu_seconds_total'),
    residentBytes: numberOf(samples, 'process_resident_memory_bytes'),
    quotaShare: quotaShareIn(samples),
    walFsync: durationsOf(samples, 'etcd_disk_wal_fsync_duration_seconds'),
    backendCommit: durationsOf(samples, 'etcd_disk_backend_commit_duration_seconds'),
  }
}

/** A quota that is switched off is reported as 0. */
function quotaShareIn(samples: readonly Sample[]): number | null {
  const quotaBytes = sumOf(samples, 'etcd_server_quota_backend_bytes')
  const usedBytes =
    sumOf(samples, 'etcd_mvcc_db_total_size_in_bytes') ??
    sumOf(samples, 'etcd_debugging_mvcc_db_total_size_in_bytes')
  return quotaBytes && usedBytes !== undefined ? usedBytes / quotaBytes : null
}

export function costBetween(
  member: string,
  { before, after }: { readonly before: MemberMetrics; readonly after: MemberMetrics },
): MemberCost {
  return {
    member,
    cpuS: after.cpuS - before.cpuS,
    residentBytes: after.residentBytes,
    walFsync: summarize(before.walFsync, after.walFsync),
    backendCommit: summarize(before.backendCommit, after.backendCommit),
  }
}

function summarize(before: Histogram, after: Histogram): DurationSummary {
  const count = after.count - before.count
  if (count <= 0) return { count: 0, meanMs: null, p99AtMostMs: null }
  const bound = after.buckets.find((bucket, index) => {
    return bucket.count - (before.buckets[index]?.count ?? 0) >= 0.99 * count
  })
  return {
    count,
    meanMs: ((after.sum - before.sum) / count) * 1_000,
    p99AtMostMs: bound === undefined || bound.atMost === Infinity ? null : bound.atMost * 1_000,
  }
}

function numberOf(samples: readonly Sample[], name: string): number {
  const value = sumOf(samples, name)
  if (value !== undefined && Number.isFinite(value)) return value
  throw new EnvironmentError(`Expected the metrics to have \`${name}\`, got ${value ?? 'none'}`)
}

function durationsOf(samples: readonly Sample[], name: string): Histogram {
  const histogram = histogramOf(samples, name)
  if (histogram !== undefined) return histogram
  throw new EnvironmentError(`Expected the metrics to have the histogram \`${name}\`, got none`)
}
