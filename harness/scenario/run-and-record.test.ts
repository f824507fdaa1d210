import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../core/log.ts'
import { saveScenario } from '../run-record/run-directory.ts'
import { sampleRun } from '../run-record/testing/sample-run.ts'
import * as workloads from '../workload/presets.ts'
import { notRunRecord } from './outcome/scenario-record.ts'
import type { RunPlan } from './plan.ts'
import { runAndRecord } from './run-and-record.ts'
import type { Scenario } from './scenario.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-run-and-record-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const scenario: Scenario = {
  id: 'a/one',
  title: 'A scenario that cannot be conducted',
  depth: 'quick',
  workload: workloads.steady,
  faults: [],
  act: async () => {},
}

const cases: readonly (readonly [string, Partial<Scenario>, RegExp])[] = [
  ['whose evidence cannot be written', {}, /EEXIST|ENOTDIR/],
  [
    'whose spec cannot be adjusted',
    {
      adjustSpec: () => {
        throw new RangeError('Expected five members, got 3')
      },
    },
    /Expected five members, got 3/,
  ],
]

test.each(cases)('a scenario %s is on record as inconclusive', async (_, part, reason) => {
  const { scenarios: __, ...head } = sampleRun()
  const plan = { ...head, runId: head.id, directory, timeScale: 1, options: '' } as never as RunPlan
  saveScenario(directory, notRunRecord(scenario, plan))
  // A file stands where the folder of the members' logs would be.
  writeFileSync(join(directory, 'scenarios/a/one/members'), '')
  const { signal } = new AbortController()
  const options = { log: silentLog, signal }
  const record = await runAndRecord({ ...scenario, ...part }, plan, options)
  expect(record.outcome).toBe('inconclusive')
  expect(record.reason).toMatch(reason)
  const file = join(directory, 'scenarios/a/one/scenario.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(record)
})
