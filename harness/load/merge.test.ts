import { expect, test } from 'vitest'
import { mergeRounds } from './merge.ts'
import { sampleMeasured } from './testing/sample-load.ts'

test('rounds add up, and their rates are weighted by their length', () => {
  const short = sampleMeasured([1, 2, 3], { errors: { timeout: 1 }, sent: 4 })
  const long = sampleMeasured(Array(30).fill(5), { windowMs: 3_000, writesPerS: 10, cpuCores: 0.5 })
  const merged = mergeRounds([short, { ...long, errors: { timeout: 2, other: 1 } }])
  expect(merged).toMatchObject({
    sent: 34,
    acknowledged: 33,
    errors: { timeout: 3, other: 1 },
    windowMs: 4_000,
    inWindow: 33,
    writesPerS: 8.25,
    eachSecond: [3, 30],
    cpuCores: 0.4,
    roundsWritesPerS: [3, 10],
  })
  expect(merged.latency.p50Ms).toBeCloseTo(5, 2)
})

test('a single round stays as it is', () => {
  const one = sampleMeasured([4, 5, 6])
  expect(mergeRounds([one])).toEqual({ ...one, roundsWritesPerS: [3] })
})

test('a round that ended early shows in the merged result', () => {
  const cut = sampleMeasured([1], { endedBy: 'errors' })
  expect(mergeRounds([sampleMeasured([1]), cut]).endedBy).toBe('errors')
})
