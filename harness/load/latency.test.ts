import { expect, test } from 'vitest'
import { createRandom } from '../core/random.ts'
import {
  encodeHistogram,
  latencyOf,
  mergeHistograms,
  openHistogram,
  recordLatency,
} from './latency.ts'

function histogramOf(latenciesMs: readonly number[]) {
  const histogram = openHistogram()
  for (const latencyMs of latenciesMs) recordLatency(histogram, latencyMs)
  return histogram
}

const drawn = (seed: number, count: number, scaleMs: number) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => scaleMs * (0.1 + random.float() ** 4))
}

test('percentiles are those of the sorted latencies, to three digits', () => {
  const latencies = drawn(1, 20_000, 300)
  const sorted = latencies.toSorted((one, other) => one - other)
  const latency = latencyOf(histogramOf(latencies))
  const shares = { p50Ms: 0.5, p90Ms: 0.9, p99Ms: 0.99, p999Ms: 0.999, maxMs: 1 }
  for (const [name, share] of Object.entries(shares)) {
    const exact = sorted[Math.ceil(share * sorted.length) - 1] as number
    const found = latency[name as keyof typeof latency] as number
    expect(Math.abs(found - exact) / exact, name).toBeLessThan(0.002)
  }
})

test('merged histograms equal one histogram of everything', () => {
  const [quick, slow] = [drawn(2, 9_000, 2), drawn(3, 1_000, 2_000)]
  const parts = [quick, slow].map((latencies) => encodeHistogram(histogramOf(latencies)))
  const merged = mergeHistograms(parts)
  expect(latencyOf(merged)).toEqual(latencyOf(histogramOf([...quick, ...slow])))
  expect(merged.totalCount).toBe(10_000)
  const medians = [quick, slow].map((latencies) => latencyOf(histogramOf(latencies)).p50Ms ?? 0)
  const mean = ((medians[0] ?? 0) + (medians[1] ?? 0)) / 2
  expect(mean).toBeGreaterThan(50 * (latencyOf(merged).p50Ms ?? 0))
})

test('a decoded histogram has the same percentiles and encodes to the same text', () => {
  const histogram = histogramOf(drawn(4, 5_000, 700))
  const again = mergeHistograms([encodeHistogram(histogram)])
  expect(latencyOf(again)).toEqual(latencyOf(histogram))
  expect(encodeHistogram(again)).toBe(encodeHistogram(histogram))
})

test('a latency outside the range counts as the nearest bound', () => {
  const { maxMs, p50Ms } = latencyOf(histogramOf([0, 0, 10_000_000]))
  expect(maxMs).toBeGreaterThan(59_999)
  expect(maxMs).toBeLessThan(60_100)
  expect(p50Ms).toBe(0.001)
})

test('without writes every percentile is null, not 0', () => {
  const nothing = { p50Ms: null, p90Ms: null, p99Ms: null, p999Ms: null, maxMs: null }
  expect(latencyOf(openHistogram())).toEqual(nothing)
  expect(latencyOf(mergeHistograms([]))).toEqual(nothing)
  expect(latencyOf(mergeHistograms([encodeHistogram(openHistogram())]))).toEqual(nothing)
})
