import type { Histogram } from 'hdr-histogram-js'
import type { MeasuredLoad } from './generator.ts'
import { encodeHistogram, latencyOf, openHistogram, recordLatency } from './latency.ts'

/** The latencies of a window, by the interval of it that they belong to. */
export interface HistogramSeries {
  record(atMs: number, latencyMs: number): void
  summary(): Pick<MeasuredLoad, 'latency' | 'histogram' | 'overTime'>
}

/** So that a run of any length needs the same memory. */
const mostIntervals = 60
const secondMs = 1_000

export function openHistogramSeries(windowMs: number): HistogramSeries {
  const everyMs = Math.max(secondMs, Math.ceil(windowMs / mostIntervals / secondMs) * secondMs)
  const count = Math.max(1, Math.ceil(windowMs / everyMs))
  const series: (Histogram | undefined)[] = Array.from({ length: count }, () => undefined)
  return {
    record: (atMs, latencyMs) => {
      const index = Math.min(count - 1, Math.floor(atMs / everyMs))
      const histogram = series[index] ?? openHistogram()
      series[index] = histogram
      recordLatency(histogram, latencyMs)
    },
    summary: () => {
      const whole = openHistogram()
      for (const one of series) if (one !== undefined) whole.add(one)
      const histograms = series.map((one) => encodeHistogram(one ?? openHistogram()))
      return {
        latency: latencyOf(whole),
        histogram: encodeHistogram(whole),
        overTime: { everyMs, histograms },
      }
    },
  }
}
