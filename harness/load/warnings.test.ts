import { expect, test } from 'vitest'
import { sampleMeasured } from './testing/sample-load.ts'
import { warningsOf } from './warnings.ts'

const measured = (cpuCores: number, busy: number, writesPerS: number) =>
  sampleMeasured([1], { cpuCores, busy, writesPerS })

test('a generator that costs up to a third of a core per 5,000 writes/s is not mentioned', () => {
  expect(warningsOf(measured(0.33, 0.5, 5_000))).toEqual([])
  expect(warningsOf(measured(0.9, 0.5, 14_000))).toEqual([])
})

test('one that costs more is', () => {
  expect(warningsOf(measured(0.34, 0.5, 5_000))).toEqual([
    expect.stringMatching(/^the generator used 0\.34 of a core for 5000 writes\/s, more than/),
  ])
})

test('one that had no time left was the bottleneck', () => {
  expect(warningsOf(measured(0.95, 0.98, 20_000))).toEqual([
    expect.stringContaining('was the bottleneck (busy 98 % of the time)'),
  ])
})

test('one that was busy waiting for a processor says that of the machine', () => {
  expect(warningsOf(measured(0.2, 0.97, 5_000))).toEqual([
    expect.stringContaining('the machine was short of processors'),
  ])
})
