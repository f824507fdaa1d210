import { expect, test } from 'vitest'
import type { RunRecord, ScenarioRecord } from '../run-record.ts'
import { sampleRun } from '../testing/sample-run.ts'
import { verdictOf } from '../verdict.ts'
import { mergeRuns, otherShard } from './merge-runs.ts'

const base = sampleRun()
const [sample] = base.scenarios as [ScenarioRecord]

function scenario(id: string, outcome: ScenarioRecord['outcome'], reason = ''): ScenarioRecord {
  return { ...sample, id, outcome, reason, directory: `scenarios/${id}`, objectives: [] }
}

function shard(id: string, scenarios: readonly ScenarioRecord[]): RunRecord {
  const planned = scenarios.map(({ id: name, title, outcome, reason }) => {
    return { id: name, title, ...(outcome === 'not-run' && { skip: reason }) }
  })
  return { ...base, id, scenarios: [...scenarios], planned, endedAt: '2026-01-31T12:00:00.000Z' }
}

const away = `${otherShard} (2/2)`

test('two shards merged are one run: each scenario once, with its result', () => {
  const one = shard('one', [scenario('a/1', 'held'), scenario('a/2', 'not-run', away)])
  const other = shard('other', [scenario('a/1', 'not-run', away), scenario('a/2', 'held')])
  const merged = mergeRuns([one, other])
  expect(merged.scenarios.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['a/1', 'held'],
    ['a/2', 'held'],
  ])
  expect(merged.planned?.map(({ skip }) => skip)).toEqual([undefined, undefined])
  expect(verdictOf(merged).outcome).toBe('held')
})

test('a broken scenario of any shard breaks the merged run, a killed shard leaves it undecided', () => {
  const one = shard('one', [scenario('a/1', 'broken'), scenario('a/2', 'not-run', away)])
  const other = shard('other', [scenario('a/1', 'not-run', away), scenario('a/2', 'held')])
  expect(verdictOf(mergeRuns([one, other])).outcome).toBe('broken')
  const { endedAt: _, ...killed } = shard('other', [
    scenario('a/1', 'not-run', away),
    scenario('a/2', 'not-run', 'the run ended before it'),
  ])
  const held = shard('one', [scenario('a/1', 'held'), scenario('a/2', 'not-run', away)])
  const merged = mergeRuns([held, { ...killed, planned: [{ id: 'a/2', title: '' }] }])
  expect(merged.scenarios[1]?.reason).toBe('the run ended before it')
  expect(merged.endedAt).toBeUndefined()
  expect(verdictOf(merged).outcome).toBe('inconclusive')
})

test('runs of different seeds or clusters, and a scenario with two results, are rejected', () => {
  const one = shard('one', [scenario('a/1', 'held')])
  expect(() => mergeRuns([one, { ...one, id: 'other', seed: 99 }])).toThrow(
    'Expected runs of the same seed to merge, got another one in other than in one',
  )
  expect(() => mergeRuns([one, { ...one, id: 'other' }])).toThrow(
    'Expected a/1 to run in one of the runs, got results in one and other',
  )
})
