import { expect, test } from 'vitest'
import { intersectSpans, uniteSpans } from './spans.ts'

const spans = (...pairs: [number, number][]) => pairs.map(([fromNs, toNs]) => ({ fromNs, toNs }))

test('spans that overlap become one, and spans that touch stay apart', () => {
  expect(uniteSpans(spans([5, 9], [1, 3], [2, 4]))).toEqual(spans([1, 4], [5, 9]))
  expect(uniteSpans(spans([1, 3], [3, 4]))).toEqual(spans([1, 3], [3, 4]))
})

test('an intersection is what both lists cover, without empty spans', () => {
  const some = spans([1, 4], [6, Number.POSITIVE_INFINITY])
  expect(intersectSpans(some, spans([0, 2], [3, 7], [9, 10]))).toEqual(
    spans([1, 2], [3, 4], [6, 7], [9, 10]),
  )
  expect(intersectSpans(some, spans([4, 6]))).toEqual([])
})
