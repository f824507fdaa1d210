import { readLines } from '../files/lines.ts'

/** One reading of a member's `/metrics`: `metrics.jsonl`, docs/HISTORY.md. */
export interface MetricsEntry {
  readonly timeNs: number
  readonly member: string
  /** Series → value; only those that changed since the last reading of this member. */
  readonly changed?: Readonly<Record<string, number>>
  /** Why there was no answer. */
  readonly error?: string
}

/** How long members' disks took, of the metrics: `_sum` in seconds, buckets of the long syncs. */
export const diskSeries =
  /^etcd_disk_(?:wal_fsync|backend_commit|backend_defrag)_duration_seconds_(?:sum$|count$|bucket)/

/** A bound of etcd's buckets, just below what a heartbeat takes: shorter syncs hold up no request for long. */
export const longSyncMs = 64

/**
 * The readings of a file, with the series of the members' disks alone: of a long run the others would
 * fill the memory. A line that is no reading is left out: it tells of no disk.
 */
export async function readDiskMetrics(file: string): Promise<MetricsEntry[]> {
  const entries: MetricsEntry[] = []
  await readLines(file, (line) => entries.push(...parseEntry(line)))
  return entries
}

function parseEntry(line: string): MetricsEntry[] {
  const { timeNs, member, changed } = parseObject(line)
  if (typeof timeNs !== 'number' || typeof member !== 'string' || changed == null) return []
  const disk = Object.entries(changed).filter(
    ([name, value]) => diskSeries.test(name) && typeof value === 'number',
  )
  return [{ timeNs, member, changed: Object.fromEntries(disk) }]
}

function parseObject(line: string): Partial<MetricsEntry> {
  try {
    return Object(JSON.parse(line))
  } catch {
    return {}
  }
}
