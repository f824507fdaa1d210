import { expect, test } from 'vitest'
import { formatMeasure, labelOfMeasure } from './format.ts'

test('a measure is shown in the unit of its name', () => {
  const shown = [
    ['writeOutageMs', 840],
    ['writesPerS', 1_234],
    ['memoryBytes', 6_500_000],
    ['slowRequestsPercent', 4.8],
    ['elections', 2],
    ['readP50Ms', null],
  ] as const
  expect(shown.map(([name, value]) => [labelOfMeasure(name), formatMeasure(name, value)])).toEqual([
    ['write outage', '840 ms'],
    ['writes', '1,234/s'],
    ['memory', '6.5 MB'],
    ['slow requests', '4.8 %'],
    ['elections', '2'],
    ['read p50', '–'],
  ])
})
