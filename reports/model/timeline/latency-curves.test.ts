import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { expect, test } from 'vitest'
import { sampleThroughput } from '../../testing/throughput-fixture.ts'
import { percentileLines, rateLines, timeLines } from './latency-curves.ts'

function histogramOf(...microseconds: readonly number[]): string {
  const histogram = build({ highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 })
  for (const value of microseconds) histogram.recordValue(value)
  return encodeIntoCompressedBase64(histogram)
}

test('a line of percentiles is in milliseconds, and a damaged histogram has none', () => {
  const { measurements } = sampleThroughput(
    { histogram: histogramOf(1_000, 2_000, 9_000) },
    { histogram: 'damaged' },
  )
  const lines = percentileLines(measurements)
  expect(lines).toHaveLength(1)
  expect(lines[0]?.points.at(0)?.y).toBeCloseTo(1, 1)
  expect(lines[0]?.points.at(-1)?.y).toBeCloseTo(9, 1)
})

test('loads of one kind make a line by their rates, in order', () => {
  const { measurements } = sampleThroughput(
    { writesPerS: 300, ratePerS: 300 },
    { writesPerS: 100, ratePerS: 100 },
    { writesPerS: 500 },
  )
  const [median, p99, ...rest] = rateLines(measurements)
  expect(median?.points.map(({ x }) => x)).toEqual([100, 300])
  expect([p99?.name, rest.length]).toEqual(['etcd3, put, leader, open loop, p99', 0])
})

test('a line over time has the slowest percent of each interval', () => {
  const overTime = { everyMs: 2_000, histograms: [histogramOf(1_000), histogramOf(5_000)] }
  const [line] = timeLines(sampleThroughput({ overTime }).measurements)
  expect(line?.points.map(({ x }) => x)).toEqual([0, 2])
  expect(line?.points[1]?.y).toBeCloseTo(5, 1)
})
