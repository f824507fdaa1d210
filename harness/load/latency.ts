import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'

/** Latencies of acknowledged requests; null = there were none. */
export interface Latency {
  readonly p50Ms: number | null
  readonly p90Ms: number | null
  readonly p99Ms: number | null
  readonly p999Ms: number | null
  readonly maxMs: number | null
}

/** One minute, in microseconds: longer than any deadline. Longer latencies count as this. */
const highestUs = 60_000_000
const digits = 3

/** All have one layout, so that merging them is exact. Unit: microseconds. */
export function openHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestUs,
    numberOfSignificantValueDigits: digits,
    bitBucketSize: 32,
    autoResize: false,
    useWebAssembly: false,
  })
}

export function recordLatency(histogram: Histogram, latencyMs: number): void {
  histogram.recordValue(Math.min(highestUs, Math.max(1, Math.round(latencyMs * 1_000))))
}

export const encodeHistogram = (histogram: Histogram): string =>
  encodeIntoCompressedBase64(histogram)

/** Adds the counts of all histograms; percentiles are never averaged. */
export function mergeHistograms(encoded: readonly string[]): Histogram {
  const merged = openHistogram()
  for (const one of encoded) merged.add(decodeFromCompressedBase64(one))
  return merged
}

/** To three significant digits, the histogram's resolution; rounded up. */
export function latencyOf(histogram: Histogram): Latency {
  const at = (percentile: number) =>
    histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile) / 1_000
  return { p50Ms: at(50), p90Ms: at(90), p99Ms: at(99), p999Ms: at(99.9), maxMs: at(100) }
}
