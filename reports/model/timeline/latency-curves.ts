import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import type { ThroughputMeasurement } from '../../../harness/run-record/throughput-record.ts'
import { formatCount } from '../format.ts'

/** One line of a chart. */
export interface Line {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** From the median to one of ten thousand. */
export const percentiles = [0, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99] as const

/** Where a percentile is on its axis: each nine takes the same width. */
export const placeOfPercentile = (percentile: number) => -Math.log10(1 - percentile / 100)

/** The latency in milliseconds at each percentile; no line for a histogram that cannot be read. */
export function percentileLines(measurements: readonly ThroughputMeasurement[]): Line[] {
  return measurements.flatMap((measurement) => {
    const at = readHistogram(measurement.histogram)
    if (at === undefined) return []
    const points = percentiles.map((p) => ({ x: placeOfPercentile(p), y: at(p) }))
    return { name: nameOf(measurement), points }
  })
}

/** Median and slowest percent by the rate that was reached, for each series of two loads or more. */
export function rateLines(measurements: readonly ThroughputMeasurement[]): Line[] {
  const groups = Map.groupBy(measurements, seriesOf)
  return [...groups].flatMap(([name, group]) => {
    if (group.length < 2) return []
    const sorted = group.toSorted((one, other) => one.writesPerS - other.writesPerS)
    return (['p50Ms', 'p99Ms'] as const).map((which) => ({
      name: `${name}, ${which === 'p50Ms' ? 'median' : 'p99'}`,
      points: sorted.flatMap(({ writesPerS: x, latency }) => {
        const y = latency[which]
        return y === null ? [] : { x, y }
      }),
    }))
  })
}

/** The slowest percent of each interval, by seconds. */
export function timeLines(measurements: readonly ThroughputMeasurement[]): Line[] {
  return measurements.flatMap((measurement) => {
    const { everyMs = 0, histograms = [] } = measurement.overTime ?? {}
    const points = histograms.flatMap((encoded, index) => {
      const y = readHistogram(encoded)?.(99)
      return y === undefined || y === 0 ? [] : { x: (index * everyMs) / 1_000, y }
    })
    return points.length < 2 ? [] : { name: nameOf(measurement), points }
  })
}

function seriesOf({ generator, operation = 'put', target, ratePerS }: ThroughputMeasurement) {
  const loop = ratePerS === undefined ? 'closed loop' : 'open loop'
  return `${generator}, ${operation}, ${target === 'all' ? 'all members' : 'leader'}, ${loop}`
}

function nameOf(measurement: ThroughputMeasurement): string {
  const { clients, ratePerS } = measurement
  const due = ratePerS === undefined ? '' : `, ${Math.round(ratePerS)}/s due`
  return `${seriesOf(measurement)}, ${formatCount(clients, 'client')}${due}`
}

/** The percentiles of a histogram of microseconds, in milliseconds. */
function readHistogram(encoded: string): ((percentile: number) => number) | undefined {
  try {
    const histogram = decodeFromCompressedBase64(encoded)
    return (percentile) => histogram.getValueAtPercentile(percentile) / 1_000
  } catch {
    return undefined
  }
}
