import type { Load, MeasuredLoad } from '../generator.ts'
import { encodeHistogram, latencyOf, openHistogram, recordLatency } from '../latency.ts'

/** A short load, for tests. */
export function sampleLoad(load: Partial<Load> = {}): Load {
  return {
    targets: [],
    gatewayPrefix: '/v3',
    clients: 2,
    warmUpMs: 50,
    windowMs: 200,
    mostRequests: 100_000,
    timeoutMs: 1_000,
    operation: 'put',
    keys: 10,
    keyBytes: 8,
    keyPrefix: 'b',
    valueBytes: 16,
    ...load,
  }
}

/** The result of a generator that measured these latencies in one second. */
export function sampleMeasured(
  latenciesMs: readonly number[],
  measured: Partial<MeasuredLoad> = {},
): MeasuredLoad {
  const histogram = openHistogram()
  for (const latencyMs of latenciesMs) recordLatency(histogram, latencyMs)
  const count = latenciesMs.length
  return {
    members: ['m1'],
    operation: 'put',
    clients: 2,
    sent: count,
    acknowledged: count,
    refused: 0,
    notStarted: 0,
    revisions: { atLeast: count, atMost: count },
    errors: {},
    windowMs: 1_000,
    inWindow: count,
    writesPerS: count,
    eachSecond: [count],
    latency: latencyOf(histogram),
    histogram: encodeHistogram(histogram),
    overTime: { everyMs: 1_000, histograms: [encodeHistogram(histogram)] },
    cpuCores: 0.1,
    busy: 0.1,
    memoryBytes: 60e6,
    longestGapMs: 0,
    endedBy: 'time',
    ...measured,
  }
}
