import { expect, test } from 'vitest'
import type { RunRecord, ScenarioRecord } from '../run-record.ts'
import { sampleRun } from '../testing/sample-run.ts'
import { baselineOf, compareWithBaseline } from './baseline.ts'

const base = sampleRun()
const [sample] = base.scenarios as [ScenarioRecord]

function runOf(...scenarios: readonly (readonly [string, ScenarioRecord['outcome'], string[]?])[]) {
  const records = scenarios.map(([id, outcome, broken]): ScenarioRecord => {
    return {
      ...sample,
      id,
      outcome,
      objectives: [],
      verdicts: sample.verdicts.slice(0, 1),
      ...(broken && { broken }),
    }
  })
  return { ...base, scenarios: records } satisfies RunRecord
}

const place = (id: string) => `${base.etcd.version}/${base.etcd.architecture}/${id}`
const known = runOf(['a/1', 'broken', ['durability/write-lost']], ['a/2', 'held'])

test('a run that breaks what its baseline does breaks nothing new', () => {
  expect(compareWithBaseline([known], baselineOf([known]))).toMatchObject({
    added: [],
    known: [place('a/1')],
  })
})

test('another scenario, and another break of a known one, are new', () => {
  const run = runOf(
    ['a/1', 'broken', ['durability/write-lost', 'watch/event-missing']],
    ['a/2', 'broken'],
  )
  expect(compareWithBaseline([run], baselineOf([known])).added).toEqual([
    { place: place('a/1'), broken: ['watch/event-missing'] },
    { place: place('a/2'), broken: ['outcome'] },
  ])
})

test('what holds again is mended, and what is undecided is no break', () => {
  const run = runOf(['a/1', 'held'], ['a/2', 'inconclusive'])
  expect(compareWithBaseline([run], baselineOf([known]))).toEqual({
    added: [],
    known: [],
    mended: [place('a/1')],
    undecided: [place('a/2')],
  })
})

test('what is known of one version is new on another', () => {
  const other = { ...known, etcd: { ...known.etcd, version: '3.6.14' } }
  expect(compareWithBaseline([known, other], baselineOf([known]))).toMatchObject({
    added: [{ place: `3.6.14/${base.etcd.architecture}/a/1` }],
    known: [place('a/1')],
  })
})
