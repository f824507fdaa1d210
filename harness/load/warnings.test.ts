import { expect, test } from 'vitest'
import { sampleMeasured } from './testing/sample-load.ts'
import { warningsOf } from './warnings.ts'

const measured = (cpuCores: number, busy: number, writesPerS: number) =>
  sampleMeasured([1], { cpuCores, busy, writesPerS })

test('a generator of up to a third of a core per 5,000 writes/s causes no warning', () => {
  expect(warningsOf(measured(0.33, 0.5, 5_000))).toEqual([])
  expect(warningsOf(measured(0.9, 0.5, 14_000))).toEqual([])
  expect(warningsOf(measured(0.2, 0.5, 10))).toEqual([])
})

test('a generator that costs more causes a warning', () => {
  expect(warningsOf(measured(0.34, 0.5, 5_000))).toEqual([
    expect.stringMatching(/^the generator used 0\.34 of a core for 5000 writes\/s, more than/),
  ])
})

test('a generator without idle time is called the bottleneck', () => {
  expect(warningsOf(measured(0.95, 0.98, 20_000))).toEqual([
    expect.stringContaining('was the bottleneck (busy 98 % of the time)'),
  ])
})

test('a generator that waits for a processor blames the machine', () => {
  expect(warningsOf(measured(0.2, 0.97, 5_000))).toEqual([
    expect.stringContaining('the machine was short of processors'),
  ])
})
