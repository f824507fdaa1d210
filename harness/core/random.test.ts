import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

test('the same seed draws the same choices', () => {
  const draw = (seed: number) => Array.from({ length: 20 }, () => createRandom(seed).int(0, 1e6))
  expect(draw(7)).toEqual(draw(7))
  const one = createRandom(7)
  const other = createRandom(8)
  expect(Array.from({ length: 8 }, one.float)).not.toEqual(Array.from({ length: 8 }, other.float))
})

test('a fork draws the same whatever its parent drew before', () => {
  const parent = createRandom(1)
  const before = parent.fork('faults').int(0, 1e9)
  parent.float()
  expect(parent.fork('faults').int(0, 1e9)).toBe(before)
})

test('integers are uniform within their bounds, both included', () => {
  const random = createRandom(3)
  const counts = [0, 0, 0]
  for (let drawn = 0; drawn < 30_000; drawn++) {
    const value = random.int(4, 6) - 4
    counts[value] = (counts[value] ?? 0) + 1
  }
  expect(counts.length).toBe(3)
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

test('a shuffle keeps every item', () => {
  const shuffled = createRandom(9).shuffle([1, 2, 3, 4, 5, 6, 7, 8])
  expect([...shuffled].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})
