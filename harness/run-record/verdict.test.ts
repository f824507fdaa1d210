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

const three = ['a/one', 'a/two', 'a/three'].map((id) => ({ id, title: id }))

test('a run whose plan names three scenarios and that has records of two is 3', () => {
  const run = { ...sampleRun([{ id: 'a/one' }, { id: 'a/two' }]), planned: three }
  expect(verdictOf(run)).toMatchObject({
    exitCode: 3,
    sentence: '2 scenarios held; 1 of 3 planned scenarios did not run: a/three',
  })
  expect(verdictOf({ ...run, planned: three.slice(0, 2) }).exitCode).toBe(0)
})

test('a planned scenario whose record still says not run is 3, unless the plan leaves it out', () => {
  const run = sampleRun([{ id: 'a/one' }, { id: 'a/two' }, { id: 'a/three', outcome: 'not-run' }])
  expect(verdictOf({ ...run, planned: three }).exitCode).toBe(3)
  const skip = 'only from --depth full on'
  const shallow = three.map((one) => (one.id === 'a/three' ? { ...one, skip } : one))
  expect(verdictOf({ ...run, planned: shallow }).exitCode).toBe(0)
})

test('a scenario that came too late to begin is no loss, and one that came in time is', () => {
  const beginBy = '2026-01-01T00:18:00.000Z'
  const planned = three.map((one) => ({ ...one, beginBy }))
  const of = (startedAt: string) => {
    const late = { id: 'a/three', outcome: 'not-run', startedAt } as const
    return verdictOf({ ...sampleRun([{ id: 'a/one' }, { id: 'a/two' }, late]), planned })
  }
  expect(of('2026-01-01T00:18:01.000Z')).toMatchObject({ exitCode: 0, counts: { 'not-run': 1 } })
  // The record from before the run has the time at which the run began.
  expect(of('2026-01-01T00:00:00.000Z').exitCode).toBe(3)
})

test('a broken run says too what did not run, and names three at most', () => {
  const ids = ['a/one', 'a/two', 'a/three', 'b/one', 'b/two'].map((id) => ({ id, title: id }))
  const run = { ...sampleRun([{ id: 'a/one', outcome: 'broken', title: 'T' }]), planned: ids }
  expect(verdictOf(run)).toMatchObject({
    exitCode: 1,
    sentence:
      '1 of 1 scenario broke a promise or an objective: T; 4 of 5 planned scenarios did not run: a/two, a/three, b/one and 1 more',
  })
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
