import { EnvironmentError, messageOf } from '../core/errors.ts'

/** What a member's own `/metrics` say, counted since its process started. */
export interface MemberMetrics {
  readonly cpuS: number
  readonly residentBytes: number
  readonly walFsync: Durations
  readonly backendCommit: Durations
}

/** A Prometheus histogram: how many took up to so long. */
export interface Durations {
  readonly count: number
  readonly sumS: number
  readonly upTo: readonly { readonly s: number; readonly count: number }[]
}

/** What a member did between two looks at its metrics. */
export interface MemberCost {
  readonly member: string
  readonly cpuS: number
  /** At the end. */
  readonly residentBytes: number
  readonly walFsync: DurationSummary
  readonly backendCommit: DurationSummary
}

export interface DurationSummary {
  readonly count: number
  readonly meanMs: number | null
  /** The bound of the bucket in which it lies; null when there were none, or beyond the last. */
  readonly p99AtMostMs: number | null
}

export async function readMetrics(endpoint: string, timeoutMs = 5_000): Promise<MemberMetrics> {
  try {
    const response = await fetch(`${endpoint}/metrics`, { signal: AbortSignal.timeout(timeoutMs) })
    return parseMetrics(await response.text())
  } catch (thrown) {
    const found = messageOf(thrown)
    throw new EnvironmentError(`Expected metrics at ${endpoint}, got: ${found}`, {}, thrown)
  }
}

/** Throws for a text that lacks one of them: nothing measured is not 0. */
export function parseMetrics(text: string): MemberMetrics {
  const lines = text.split('\n')
  return {
    cpuS: sampleOf(lines, 'process_cpu_seconds_total'),
    residentBytes: sampleOf(lines, 'process_resident_memory_bytes'),
    walFsync: durationsOf(lines, 'etcd_disk_wal_fsync_duration_seconds'),
    backendCommit: durationsOf(lines, 'etcd_disk_backend_commit_duration_seconds'),
  }
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

function summarize(before: Durations, after: Durations): DurationSummary {
  const count = after.count - before.count
  if (count <= 0) return { count: 0, meanMs: null, p99AtMostMs: null }
  const bound = after.upTo.find((bucket, index) => {
    return bucket.count - (before.upTo[index]?.count ?? 0) >= 0.99 * count
  })
  return {
    count,
    meanMs: ((after.sumS - before.sumS) / count) * 1_000,
    p99AtMostMs: bound === undefined || !Number.isFinite(bound.s) ? null : bound.s * 1_000,
  }
}

function sampleOf(lines: readonly string[], name: string): number {
  const line = lines.find((each) => each.startsWith(`${name} `))
  const value = Number(line?.slice(name.length + 1) ?? Number.NaN)
  if (Number.isFinite(value)) return value
  throw new EnvironmentError(`Expected the metrics to have \`${name}\`, got ${line ?? 'none'}`)
}

function durationsOf(lines: readonly string[], name: string): Durations {
  const upTo = lines.flatMap((line) => {
    const [, bound, count] = /_bucket\{le="([^"]+)"\} (\S+)/.exec(line) ?? []
    if (!line.startsWith(`${name}_bucket`) || bound === undefined) return []
    return [{ s: bound === '+Inf' ? Infinity : Number(bound), count: Number(count) }]
  })
  return { count: sampleOf(lines, `${name}_count`), sumS: sampleOf(lines, `${name}_sum`), upTo }
}
