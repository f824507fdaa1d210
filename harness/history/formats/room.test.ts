import { expect, test } from 'vitest'
import { refuseIn } from './format.ts'
import { withinMemory } from './room.ts'

const elements = [1, 2, 3].map((line) => ({ value: {}, place: { line } }))
const count = (options: Parameters<typeof withinMemory>[2]) =>
  [...withinMemory(elements, refuseIn('f'), options)].length

test('a history that does not fit in memory is refused where it no longer does', () => {
  expect(count({ memoryBytes: 3 * 1_200 })).toBe(3)
  expect(count({})).toBe(3)
  const problem = 'f:3: Expected 2 elements at most in this memory, got more: NODE_OPTIONS'
  expect(() => count({ memoryBytes: 3 * 1_200 - 1 })).toThrow(problem)
  expect(() => count({ memoryBytes: 5 * 1_200, eventsPerElement: 2 })).toThrow(problem)
})
