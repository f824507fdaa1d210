import { expect, test } from 'vitest'
import { isSameFailure } from './run-chaos.ts'

const whole = { outcome: 'broken', broken: ['LOST_WRITE', 'steady-after-fault'] } as const

test('a part of a chaos shows its failure by one of the same ids', () => {
  const part = { outcome: 'broken', broken: ['FATAL_LOG_LINE', 'LOST_WRITE'] } as const
  expect(isSameFailure(whole, part)).toBe(true)
})

test('a part that breaks something else does not show the failure', () => {
  expect(isSameFailure(whole, { outcome: 'broken', broken: ['FATAL_LOG_LINE'] })).toBe(false)
})

test('a part that is a known issue, held or inconclusive does not show the failure', () => {
  for (const outcome of ['known-issue', 'held', 'inconclusive'] as const) {
    expect(isSameFailure(whole, { outcome, broken: ['LOST_WRITE'] })).toBe(false)
  }
})
