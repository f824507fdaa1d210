import { expect, test } from 'vitest'
import { median } from './median.ts'

test('the median is the value in the middle, or the mean of the two there', () => {
  expect(median([30, 6, 9])).toBe(9)
  expect(median([4, 1])).toBe(2.5)
  expect(median([])).toBeNaN()
})
