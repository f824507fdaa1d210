import { expect, test } from 'vitest'
import { formatDuration } from './format.ts'

test('a duration has three digits at most, in the unit that suits it', () => {
  expect([null, 0, 2.13, 840, 1_312, 21_400, 125_000].map(formatDuration)).toEqual([
    '–',
    '0 ms',
    '2.1 ms',
    '840 ms',
    '1.31 s',
    '21.4 s',
    '2 min 5 s',
  ])
})
