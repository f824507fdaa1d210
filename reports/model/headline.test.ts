import { expect, test } from 'vitest'
import type { ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { sampleRun } from '../../harness/run-record/testing/sample-run.ts'
import { headlineOf } from './headline.ts'

const of = (...scenarios: Partial<ScenarioRecord>[]) => headlineOf(sampleRun(scenarios))

test('a known issue is never under the headline of a run that held', () => {
  expect(of({}).outcome).toBe('held')
  expect(of({}, { outcome: 'known-issue' })).toMatchObject({
    outcome: 'known-issue',
    heading: 'Known issues',
  })
})

test('a broken or inconclusive scenario weighs more than a known issue', () => {
  expect(of({ outcome: 'known-issue' }, { outcome: 'broken' }).outcome).toBe('broken')
  expect(of({ outcome: 'known-issue' }, { outcome: 'inconclusive' }).outcome).toBe('inconclusive')
})

test('losses are sentences, and tell a broken promise from what a restore does', () => {
  const broken = { title: 'T', outcome: 'broken', measures: { acknowledgedLost: 3 } } as const
  expect(of({ measures: { lostWrites: 202 } }, broken).losses).toEqual([
    '3 acknowledged writes lost: T',
    'A restore lost 202 acknowledged writes, as restores do: those after the snapshot',
  ])
  expect(of({ measures: { lostWrites: 1 } }, { measures: { lostWrites: 2 } }).losses).toEqual([
    '2 restores lost up to 2 acknowledged writes each, as restores do: those after the snapshot',
  ])
  expect(of({ measures: { lostWrites: 0, acknowledgedLost: null } }).losses).toEqual([])
})
