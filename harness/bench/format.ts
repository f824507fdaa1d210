import { median } from '../core/median.ts'
import { machineCores } from '../load/index.ts'
import type { ThroughputMeasurement, ThroughputRecord } from '../run-record/throughput-record.ts'
import type { BaselineRatio } from './compare.ts'

/** The record as a table, with its warnings and comparisons; ends with a newline. */
export function formatBench(
  record: ThroughputRecord,
  ratios: readonly BaselineRatio[] = [],
): string {
  const rows = [heads, ...record.measurements.map(rowOf)]
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map((row) => row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  '))
  const warnings = new Set(record.measurements.flatMap(({ warnings }) => warnings))
  return [
    `keys of ${record.keyBytes} bytes, values of ${record.valueBytes}; ${machineCores()} cores`,
    ...table,
    ...[...warnings].map((warning) => `warning: ${warning}`),
    ...(record.comparisons ?? []).map(formatComparison),
    ...ratios.map(formatRatio),
    '',
  ].join('\n')
}

const heads = [
  'operation',
  'clients',
  'due/s',
  'per s',
  'p50 ms',
  'p90 ms',
  'p99 ms',
  'p99.9 ms',
  'max ms',
  'errors',
  'CPU ms/10k',
  'fsync p99 ms',
  'count',
]

function rowOf(measurement: ThroughputMeasurement): string[] {
  const { operation = 'put', clients, ratePerS, writesPerS, latency, errors, rounds } = measurement
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  const number = (value: number | null | undefined, digits = 0) => value?.toFixed(digits) ?? '–'
  return [
    operation,
    String(clients),
    number(ratePerS),
    number(writesPerS),
    ...[latency.p50Ms, latency.p90Ms, latency.p99Ms, latency.p999Ms, latency.maxMs].map((ms) =>
      number(ms, 1),
    ),
    String(failed),
    number(cpuMsPer10k(measurement)),
    slowestSync(measurement),
    rounds.every(({ proof }) => proof.holds) ? 'proved' : 'refuted',
  ]
}

/** Processor time of the generator in the window, for 10,000 answers. */
function cpuMsPer10k({ cpuCores, writesPerS }: ThroughputMeasurement): number | null {
  return writesPerS === 0 ? null : (cpuCores * 1_000 * 10_000) / writesPerS
}

function slowestSync({ rounds }: ThroughputMeasurement): string {
  const bounds = rounds.flatMap(({ costs }) => costs.map(({ walFsync }) => walFsync.p99AtMostMs))
  const known = bounds.filter((bound) => bound !== null)
  return known.length === 0 ? '–' : `≤ ${Math.max(...known)}`
}

type Comparison = NonNullable<ThroughputRecord['comparisons']>[number]

function formatComparison({
  peer,
  clients,
  oursPerS,
  theirsPerS,
  ratio,
  theirCpuMsPer10k,
}: Comparison) {
  const rates = `${Math.round(median(oursPerS))}/s against ${Math.round(median(theirsPerS))}/s`
  const cpu =
    theirCpuMsPer10k === null
      ? ''
      : `; it used ${Math.round(theirCpuMsPer10k)} ms of CPU for 10,000`
  return `beside ${peer}, ${clients} clients, median of ${oursPerS.length}: ${ratio.toFixed(2)} times (${rates})${cpu}`
}

function formatRatio({ peer, clients, ratio, baseline, change }: BaselineRatio): string {
  const ratios = `${ratio.toFixed(2)} times ${peer}, ${baseline.toFixed(2)} in the baseline`
  return `baseline, ${clients} clients: ${change.toFixed(2)} of what it was (${ratios})`
}
