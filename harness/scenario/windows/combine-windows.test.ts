import { expect, test } from 'vitest'
import { windowFolder } from '../../run-record/evidence/windows.ts'
import type { ScenarioOutcome, ScenarioRecord } from '../../run-record/run-record.ts'
import type { ScenarioPlan } from '../../run-record/scenario-plan.ts'
import { sampleRun } from '../../run-record/testing/sample-run.ts'
import { combineWindows } from './combine-windows.ts'
import type { WindowedEvidence } from './read-windowed.ts'

const record = (fields: Partial<ScenarioRecord>) =>
  sampleRun([fields]).scenarios[0] as ScenarioRecord

function wholeOf(count: number, fields: Partial<WindowedEvidence> = {}): WindowedEvidence {
  const { id, suite, title, seed, startedAt, directory, reproduce } = record({})
  const { spec } = sampleRun()
  const checkers = ['linearizable', 'watch']
  const plan = { id, suite, title, seed, startedAt, directory, reproduce, spec, checkers }
  return {
    plan: { ...plan, skippedCheckers: {} } as unknown as ScenarioPlan,
    windows: { format: 'gauntlet-windows/1', durationMs: 1, windowMs: 1 },
    observations: {
      format: 'gauntlet-observations/1',
      durationMs: 60_000,
      failures: [],
      marks: [],
      measures: { windows: count },
      lowerBounds: {},
      elections: null,
    },
    sha256: {},
    folders: Array.from({ length: count }, (_, index) => windowFolder(index + 1)),
    ...fields,
  }
}

const combine = (...windows: Partial<ScenarioRecord>[]) =>
  combineWindows(wholeOf(windows.length), windows.map(record))

const outcomes = (...each: ScenarioOutcome[]) => combine(...each.map((outcome) => ({ outcome })))

test('the whole is as good as its worst window, which is the one that is shown', () => {
  expect(outcomes('held', 'held')).toMatchObject({ outcome: 'held', shownWindow: 'windows/0002' })
  expect(outcomes('held', 'known-issue', 'held')).toMatchObject({
    outcome: 'known-issue',
    shownWindow: 'windows/0002',
  })
  expect(outcomes('inconclusive', 'known-issue').outcome).toBe('inconclusive')
  expect(outcomes('held', 'inconclusive', 'broken', 'broken')).toMatchObject({
    outcome: 'broken',
    shownWindow: 'windows/0003',
    reason: expect.stringContaining('window 3 of 4 is broken'),
  })
})

test('a run without a window is inconclusive', () => {
  expect(outcomes()).toMatchObject({ outcome: 'inconclusive', reason: 'no window was judged' })
})

test('what kept the run from its windows is a doubt, but hides no break', () => {
  const failures = [{ outcome: 'inconclusive', reason: 'no engine' }] as const
  const { observations } = wholeOf(1)
  const doubted = wholeOf(1, { observations: { ...observations, failures } as never })
  expect(combineWindows(doubted, [record({})]).outcome).toBe('inconclusive')
  expect(combineWindows(doubted, [record({ outcome: 'broken' })]).outcome).toBe('broken')
})

test('counts add up, of anything else the worst counts, and what was not measured is not', () => {
  const { measures } = combine(
    { measures: { operations: 5, writeOutageMs: 30, ratePerS: 200, readOutageMs: 1 } },
    { measures: { operations: 6, writeOutageMs: 20, ratePerS: 100, readOutageMs: null } },
  )
  expect(measures).toEqual({
    windows: 2,
    operations: 11,
    writeOutageMs: 30,
    ratePerS: 100,
    readOutageMs: null,
  })
})

test('a checker says of the whole what it says of its worst window, with the evidence of the shown one', () => {
  const evidence = { culprit: 7 }
  const invalid = { checker: 'watch', verdict: 'invalid', reason: 'a gap', evidence } as const
  const valid = { checker: 'watch', verdict: 'valid', operations: 3, factsJudged: 2 } as const
  const whole = combine(
    { verdicts: [valid] },
    { outcome: 'broken', broken: ['watch/event-missing'], verdicts: [invalid] },
  )
  expect(whole.broken).toEqual(['watch/event-missing'])
  expect(whole.verdicts).toEqual([
    { ...invalid, reason: 'window 2: a gap', operations: 3, factsJudged: 2 },
  ])
})

test('an objective that one window missed is missed', () => {
  const objective = { measure: 'writeOutageMs', atMost: 10 }
  const whole = combine(
    { objectives: [{ ...objective, measured: 5, met: true }] },
    { objectives: [{ ...objective, measured: 20, met: false }] },
  )
  expect(whole.objectives).toEqual([{ ...objective, measured: 20, met: false }])
})
