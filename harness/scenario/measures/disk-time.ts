import { nsPerMs } from '../../core/clock.ts'
import type { TimeSpan } from '../../core/spans.ts'
import { longSyncMs, type MetricsEntry } from '../../history/logs/metrics.ts'

const nsPerS = 1_000 * nsPerMs
/** A write waits for the leader's disk and for one more of the quorum. */
const disksOfWrite = 2

type Totals = ReadonlyMap<string, number>
type Reading = { readonly timeNs: number; readonly totals: Totals }

/**
 * How long requests may have waited for syncs of the members' disks that took long, and for
 * defragmentations, within these spans: that of the two members with the slowest disks. Each span counts
 * from the last reading before it to the first one after it. Undefined where no member has two readings
 * of them: then nothing is known about the disks.
 */
export function longSyncNs(
  metrics: readonly MetricsEntry[],
  spans: readonly TimeSpan[],
): number | undefined {
  const times = ofEachMember(metrics, spans, longSyncsIn)
  return times && sum(times.toSorted((one, other) => other - one).slice(0, disksOfWrite)) * nsPerS
}

/** How long a sync of the log and one of the database take, at the member where that is longest. */
export function meanSyncNs(
  metrics: readonly MetricsEntry[],
  spans: readonly TimeSpan[],
): number | undefined {
  const seconds = ofEachMember(metrics, spans, ({ gained }) => gained(sumOf(log)))
  const syncs = ofEachMember(metrics, spans, ({ gained }) => gained(countOf(log)))
  const commits = ofEachMember(metrics, spans, ({ gained }) => gained(sumOf(database)))
  const ofCommits = ofEachMember(metrics, spans, ({ gained }) => gained(countOf(database)))
  const means = seconds?.map((own, index) => {
    const commit = (commits?.[index] ?? 0) / Math.max(1, ofCommits?.[index] ?? 0)
    return own / Math.max(1, syncs?.[index] ?? 0) + commit
  })
  return means && Math.max(...means) * nsPerS
}

const [log, database, defragmentation] = ['wal_fsync', 'backend_commit', 'backend_defrag'].map(
  (name) => `etcd_disk_${name}_duration_seconds`,
) as [string, string, string]
const sumOf = (name: string) => `${name}_sum`
const countOf = (name: string) => `${name}_count`
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)

/** What a member's counters gained in a span. */
interface Gain {
  readonly totals: Totals
  gained(series: string): number
}

/** The sum over the spans, of each member that has readings. */
function ofEachMember(
  metrics: readonly MetricsEntry[],
  spans: readonly TimeSpan[],
  count: (gain: Gain) => number,
): number[] | undefined {
  const members = [...Map.groupBy(metrics, ({ member }) => member).values()]
  const readings = members.map(readingsOf).filter(({ length }) => length > 1)
  if (readings.length === 0) return undefined
  return readings.map((own) => sum(spans.flatMap((span) => gainIn(own, span) ?? []).map(count)))
}

function readingsOf(entries: readonly MetricsEntry[]): Reading[] {
  let totals = new Map<string, number>()
  return entries.map(({ timeNs, changed = {} }) => {
    totals = new Map([...totals, ...Object.entries(changed)])
    return { timeNs, totals }
  })
}

function gainIn(readings: readonly Reading[], { fromNs, toNs }: TimeSpan): Gain | undefined {
  const first = readings.findLast(({ timeNs }) => timeNs <= fromNs) ?? readings[0]
  const last = readings.find(({ timeNs }) => timeNs >= toNs) ?? readings.at(-1)
  if (first === undefined || last === undefined || last.timeNs <= first.timeNs) return undefined
  const gained = (series: string) => {
    const [then, now] = [first.totals.get(series) ?? 0, last.totals.get(series) ?? 0]
    // The counters of a process that started meanwhile begin again.
    return now < then ? now : now - then
  }
  return { totals: last.totals, gained }
}

function longSyncsIn(gain: Gain): number {
  const syncs = [log, database].map((name) => {
    return Math.min(gain.gained(sumOf(name)), longestOf(name, gain))
  })
  return sum([...syncs, gain.gained(sumOf(defragmentation))])
}

/**
 * The most seconds that the syncs above `longSyncMs` took, from the bounds of their buckets; Infinity
 * where readings have no buckets.
 */
function longestOf(name: string, { totals, gained }: Gain): number {
  const buckets = [...totals.keys()]
    .filter((series) => series.startsWith(`${name}_bucket`))
    .map((series) => ({ atMost: boundOf(series), count: gained(series) }))
    .sort((one, other) => one.atMost - other.atMost)
  if (buckets[0]?.atMost !== longSyncMs / 1_000) return Number.POSITIVE_INFINITY
  return buckets.slice(1).reduce((all, { atMost, count }, index) => {
    const own = count - (buckets[index]?.count ?? 0)
    return own > 0 ? all + own * atMost : all
  }, 0)
}

function boundOf(series: string): number {
  const [, bound = ''] = /le="([^"]+)"/.exec(series) ?? []
  return Number(bound.replace('+Inf', 'Infinity'))
}
