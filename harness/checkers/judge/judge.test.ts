import { expect, test } from 'vitest'
import type { Checker, CheckLimits } from '../checker.ts'
import { judge, limitsFor } from './judge.ts'

const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
const evidence = { history: { header, events: [] } }

test('the time limit of a checker grows with the history from one minute to five, memory does not', () => {
  expect(limitsFor(0).timeoutMs).toBe(60_000)
  expect(limitsFor(200_000).timeoutMs).toBe(160_000)
  expect(limitsFor(10_000_000).timeoutMs).toBe(300_000)
  expect(limitsFor(10_000_000).memoryBytes).toBe(limitsFor(0).memoryBytes)
})

test('a checker that judged no fact proves nothing', () => {
  const checks = (factsJudged: number): Checker => ({
    name: 'skips',
    codes: [],
    check: () => ({ checker: 'skips', verdict: 'valid', factsJudged }),
  })
  expect(judge(evidence, [checks(0), checks(1)]).verdicts).toMatchObject([
    { verdict: 'unknown', reason: 'the checker judged no fact' },
    { verdict: 'valid' },
  ])
})

test('every checker receives its limits; one that throws returns unknown and stops no other', () => {
  const received: (CheckLimits | undefined)[] = []
  const fails: Checker = {
    name: 'fails',
    codes: [],
    check: () => {
      throw new RangeError('Maximum call stack\nsize exceeded')
    },
  }
  const holds: Checker = {
    name: 'holds',
    codes: [],
    check: (_, limits) => {
      received.push(limits)
      return { checker: 'holds', verdict: 'valid', factsJudged: 1 }
    },
  }
  const { verdicts, judgingMs } = judge(evidence, [fails, holds])
  expect(verdicts).toMatchObject([
    { verdict: 'unknown', reason: 'the checker itself failed: Maximum call stack size exceeded' },
    { verdict: 'valid' },
  ])
  expect(received).toEqual([limitsFor(0)])
  expect(Object.keys(judgingMs)).toEqual(['fails', 'holds'])
})
