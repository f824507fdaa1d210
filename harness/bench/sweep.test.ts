import { expect, test } from 'vitest'
import { kneeOf } from './sweep.ts'

const point = (ratePerS: number, p99Ms: number | null, changes = {}) => ({
  ratePerS,
  writesPerS: ratePerS,
  notStarted: 0,
  latency: { p50Ms: 1, p90Ms: 1, p99Ms, p999Ms: 1, maxMs: 1 },
  ...changes,
})

test('the knee is the last rate before latencies rise tenfold', () => {
  expect(kneeOf([point(100, 3), point(500, 10), point(900, 31), point(1_000, 5)])).toBe(500)
  expect(kneeOf([point(100, 3), point(500, 10)])).toBe(500)
})

test('a rate with requests that found no client, or too few answers, is above the knee', () => {
  expect(kneeOf([point(100, 3), point(500, 3, { notStarted: 1 })])).toBe(100)
  expect(kneeOf([point(100, 3), point(500, 3, { writesPerS: 400 })])).toBe(100)
})

test('a cluster that keeps up with no rate has no knee', () => {
  expect(kneeOf([])).toBeNull()
  expect(kneeOf([point(100, null)])).toBeNull()
  expect(kneeOf([point(100, 3, { writesPerS: 10 })])).toBeNull()
})
