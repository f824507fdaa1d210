import { expect, test } from 'vitest'
import { shrink } from './shrink.ts'

const schedule = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const generous = { mostRuns: 1_000, untilMs: Number.POSITIVE_INFINITY }
const needing = (...wanted: string[]) => {
  return async (part: readonly string[]) => wanted.every((one) => part.includes(one))
}

test('a single culprit is found in a few runs', async () => {
  for (const guilty of schedule) {
    const { items, runs, exhausted } = await shrink(schedule, needing(guilty), generous)
    expect(items).toEqual([guilty])
    expect(exhausted).toBe(true)
    expect(runs).toBeLessThanOrEqual(7)
  }
})

test('a failure without faults blames no fault, after one run', async () => {
  for (const items of [schedule, ['a']]) {
    const shrunk = await shrink(items, async () => true, generous)
    expect(shrunk).toEqual({ items: [], runs: 1, exhausted: true })
  }
})

test('a list of one fault is compared with no fault', async () => {
  const shrunk = await shrink(['a'], needing('a'), generous)
  expect(shrunk).toEqual({ items: ['a'], runs: 1, exhausted: true })
})

test('two faults that fail only together are kept in order', async () => {
  const { items } = await shrink(schedule, needing('g', 'b'), generous)
  expect(items).toEqual(['b', 'g'])
})

test('a list that never fails again stays whole', async () => {
  const { items } = await shrink(schedule, async () => false, generous)
  expect(items).toEqual(schedule)
})

test('at its limits the search returns the smallest part so far', async () => {
  const { items, runs, exhausted } = await shrink(schedule, needing('b', 'g'), {
    ...generous,
    mostRuns: 5,
  })
  expect(runs).toBe(5)
  expect(exhausted).toBe(false)
  expect(items.length).toBeGreaterThan(1)
  const late = await shrink(schedule, needing('a'), { mostRuns: 9, untilMs: performance.now() })
  expect(late).toEqual({ items: schedule, runs: 0, exhausted: false })
})
