import { expect, test } from 'vitest'
import type { ScenarioRecord } from './run-record.ts'
import { sampleRun } from './testing/sample-run.ts'
import { outcomeOf, verdictOf } from './verdict.ts'

const exitOf = (...scenarios: Partial<ScenarioRecord>[]) => verdictOf(sampleRun(scenarios)).exitCode

test('all held is 0, known issues of the version allowed', () => {
  expect(exitOf({})).toBe(0)
  expect(exitOf({}, { outcome: 'known-issue' })).toBe(0)
  expect(exitOf({}, { outcome: 'not-run' }, { outcome: 'not-applicable' })).toBe(0)
})

test('one broken scenario is 1, whatever is inconclusive', () => {
  expect(exitOf({}, { outcome: 'broken' }, { outcome: 'inconclusive' })).toBe(1)
})

test('an inconclusive scenario is 3', () => {
  expect(exitOf({}, { outcome: 'inconclusive' })).toBe(3)
})

test('a run in which nothing was judged is 3, never 0', () => {
  expect(exitOf()).toBe(3)
  expect(exitOf({ outcome: 'not-run' }, { outcome: 'not-applicable' })).toBe(3)
})

test('a run that was killed is 3 even when all before held', () => {
  const { endedAt: _, ...killed } = sampleRun()
  expect(verdictOf(killed).exitCode).toBe(3)
  expect(verdictOf(killed).sentence).toContain('did not finish')
})

test('an error outside of the scenarios is 3', () => {
  expect(verdictOf({ ...sampleRun(), errors: ['a suite could not be loaded'] }).exitCode).toBe(3)
})

test('a label counts no more than its evidence', () => {
  const of = (scenario: Partial<ScenarioRecord>) =>
    outcomeOf(sampleRun([scenario]).scenarios[0] as ScenarioRecord)
  expect(of({ verdicts: [{ checker: 'c', verdict: 'invalid' }] })).toBe('broken')
  expect(of({ verdicts: [{ checker: 'c', verdict: 'unknown' }] })).toBe('inconclusive')
  expect(of({ verdicts: [] })).toBe('inconclusive')
  const missed = { measure: 'writeOutageMs', atMost: 1, measured: 2, met: false }
  expect(of({ objectives: [missed] })).toBe('broken')
  expect(of({ objectives: [{ ...missed, measured: null }] })).toBe('inconclusive')
})
