import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster, Member } from '../../cluster/types.ts'
import { messageOf } from '../../core/errors.ts'
import { parsePrometheus, type Sample } from '../../core/etcd/prometheus.ts'
import { openJsonlRecorder } from '../../history/logs/jsonl.ts'
import { diskSeries, longSyncMs, type MetricsEntry } from '../../history/logs/metrics.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'

const intervalMs = 1_000
const timeoutMs = 500

/**
 * Reads every member's metrics each second until disposed: they show a person what a fault did to
 * elections, proposals, disks and the database. A verdict uses how long the disks took alone, see
 * disk-time.ts.
 */
export async function recordMetrics(
  cluster: Cluster,
  { directory, clock }: ScenarioEvidence,
): Promise<AsyncDisposable> {
  const path = directory.metrics
  const header = { format: 'gauntlet-metrics/1', intervalMs }
  const recorder = openJsonlRecorder<typeof header, MetricsEntry>({ path, header, clock })
  const stopping = new AbortController()
  const { signal } = stopping
  const known = new Map<string, Series>()
  const look = async ({ name, metricsEndpoint }: Member) => {
    const series = await readSeries(metricsEndpoint, signal).catch(messageOf)
    if (signal.aborted) return
    if (typeof series === 'string') recorder.note({ member: name, error: series })
    else recorder.note({ member: name, changed: changedSince(known.get(name), series) })
    if (typeof series !== 'string') known.set(name, series)
  }
  const keep = async () => {
    while (!signal.aborted) {
      await Promise.all(cluster.members.map(look))
      await delay(intervalMs, undefined, { signal }).catch(() => {})
    }
  }
  const keeping = keep()
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await keeping
      await recorder[Symbol.asyncDispose]()
    },
  }
}

export type Series = ReadonlyMap<string, number>

async function readSeries(endpoint: string, signal: AbortSignal): Promise<Series> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const response = await fetch(`${endpoint}/metrics`, {
    signal: AbortSignal.any([signal, timeout]),
  })
  return parseSeries(await response.text())
}

/**
 * etcd's own series and its process's, with their labels. Buckets of histograms are left out but for
 * those of long syncs: sum and count stay. So is every value that is not a finite number.
 */
export function parseSeries(text: string): Series {
  const kept = parsePrometheus(text).filter((sample) => {
    if (!/^(etcd|process)_/.test(sample.name) || !Number.isFinite(sample.value)) return false
    return !sample.name.endsWith('_bucket') || isOfLongSyncs(sample)
  })
  return new Map(kept.map(({ series, value }) => [series, value]))
}

const isOfLongSyncs = ({ series, labels }: Sample) =>
  diskSeries.test(series) && Number(labels.le?.replace('+Inf', 'Infinity')) * 1_000 >= longSyncMs

export function changedSince(before: Series | undefined, now: Series): Record<string, number> {
  return Object.fromEntries([...now].filter(([name, value]) => before?.get(name) !== value))
}
