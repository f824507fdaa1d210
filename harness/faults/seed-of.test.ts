import { expect, test } from 'vitest'
import { seedOf } from './seed-of.ts'

test('the same fault, target and seed draw the same, and each of the three makes another draw', () => {
  expect(seedOf('flip-wal-bit', 'm1', 7)).toBe(seedOf('flip-wal-bit', 'm1', 7))
  expect(seedOf('flip-wal-bit', 'm1')).toBe(seedOf('flip-wal-bit', 'm1'))
  const seeds = [
    seedOf('flip-wal-bit', 'm1', 7),
    seedOf('flip-wal-bit', 'm1', 8),
    seedOf('flip-wal-bit', 'm2', 7),
    seedOf('latency', 'm1', 7),
    seedOf('flip-wal-bit', 'm1'),
  ]
  expect(new Set(seeds).size).toBe(seeds.length)
  expect(seeds.every(Number.isSafeInteger)).toBe(true)
})
