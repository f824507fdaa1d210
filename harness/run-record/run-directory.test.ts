import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exitCodes, InputError } from '../core/errors.ts'
import { insideRun } from './files.ts'
import {
  createRunDirectory,
  createScenarioDirectory,
  endRun,
  readRun,
  refreshRun,
  saveScenario,
  verdictOf,
  writeRun,
} from './run-directory.ts'
import type { RunRecord, ScenarioRecord } from './run-record.ts'
import { sampleRun } from './testing/sample-run.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gauntlet-record-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('run ids sort by time and are safe as file names', () => {
  const early = createRunDirectory(root, new Date('2026-01-31T09:00:00Z'))
  const late = createRunDirectory(root, new Date('2026-01-31T10:00:00Z'))
  expect(early.id).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/)
  expect([late.id, early.id].sort()).toEqual([early.id, late.id])
})

test('a record that was written is read back the same, and no temporary file stays', () => {
  const { directory } = createRunDirectory(root)
  writeRun({ path: directory }, sampleRun())
  writeRun({ path: directory }, sampleRun([{}, { id: 'quorum-loss/all-killed' }]))
  expect(readRun(directory)).toEqual(sampleRun([{}, { id: 'quorum-loss/all-killed' }]))
  expect(readdirSync(directory).sort()).toEqual(['run.json', 'scenarios'])
})

test('a writer that was killed half way leaves the last whole record', () => {
  const { directory } = createRunDirectory(root)
  writeRun({ path: directory }, sampleRun())
  writeFileSync(join(directory, 'run.json.99-aa.tmp'), '{"format":"gaun')
  expect(readRun(directory).seed).toBe(7)
})

test('a run that is killed between two scenarios has a valid record of the first', () => {
  const { directory } = createRunDirectory(root)
  const { endedAt: _, ...started } = sampleRun([{ id: 'a/one' }, { id: 'a/two' }])
  const killed = { ...started, planned: plannedOf(started) }
  savePlan(directory, killed)
  saveScenario(directory, killed.scenarios[0] as ScenarioRecord)
  refreshRun(directory, {})
  expect(readRun(directory)).toEqual({ ...killed, scenarios: [killed.scenarios[0]] })
  saveScenario(directory, killed.scenarios[1] as ScenarioRecord)
  refreshRun(directory, { endedAt: '2026-01-31T11:47:02.000Z' })
  expect(readRun(directory)).toEqual({ ...killed, endedAt: '2026-01-31T11:47:02.000Z' })
})

test('a record that was deleted makes the run inconclusive, and the sentence names it', () => {
  const { directory } = createRunDirectory(root)
  const run = sampleRun([{ id: 'a/one' }, { id: 'a/two' }, { id: 'a/three' }])
  savePlan(directory, run)
  for (const scenario of run.scenarios) saveScenario(directory, scenario)
  const end = { endedAt: '2026-01-31T11:47:02.000Z' }
  expect(verdictOf(refreshRun(directory, end)).exitCode).toBe(exitCodes.held)
  rmSync(join(directory, 'scenarios/a/two'), { recursive: true })
  const { exitCode, sentence } = verdictOf(refreshRun(directory, end))
  expect(exitCode).toBe(exitCodes.inconclusive)
  expect(sentence).toContain('1 of 3 planned scenarios did not run: a/two')
  expect(readRun(directory).scenarios).toHaveLength(2)
})

test('a damaged part is named, and the last whole record stays', () => {
  const { directory } = createRunDirectory(root)
  savePlan(directory, sampleRun())
  refreshRun(directory, {})
  saveScenario(directory, { ...(sampleRun().scenarios[0] as ScenarioRecord), durationMs: -1 })
  expect(() => refreshRun(directory, {})).toThrow(/`durationMs` in .*scenario\.json/)
  expect(readRun(directory).scenarios).toEqual([])
})

test('a run with a damaged record ends with what it had, inconclusive', () => {
  const { directory } = createRunDirectory(root)
  const run = sampleRun([{ id: 'a/one' }, { id: 'a/two' }])
  savePlan(directory, run)
  for (const scenario of run.scenarios) saveScenario(directory, scenario)
  refreshRun(directory, {})
  writeFileSync(join(directory, 'scenarios/a/two/scenario.json'), '{"id":')
  endRun(directory, ['a suite does not load'])
  const ended = readRun(directory)
  expect(ended.scenarios).toHaveLength(2)
  expect(ended.errors?.[0]).toBe('a suite does not load')
  expect(ended.errors?.[1]).toContain('a/two/scenario.json')
  expect(verdictOf(ended).exitCode).toBe(exitCodes.inconclusive)
})

test('a scenario has its history and member logs under its id', () => {
  const { directory } = createRunDirectory(root)
  const scenario = createScenarioDirectory(directory, 'quorum-loss/leader-killed')
  expect(scenario.relative).toBe('scenarios/quorum-loss/leader-killed')
  expect(scenario.memberLog('m1')).toBe(join(scenario.path, 'members', 'm1.log'))
  expect(() => scenario.memberLog('../m1')).toThrow(InputError)
  expect(() => createScenarioDirectory(directory, '../outside')).toThrow(InputError)
})

test('a record whose directory leads outside the run is rejected', () => {
  expect(() => insideRun(root, '../../etc')).toThrow(InputError)
  for (const directory of ['/etc', '../x', 'a/../../x', 'a\\b', '']) {
    writeFileSync(join(root, 'run.json'), JSON.stringify(sampleRun([{ directory }])))
    expect(() => readRun(root), directory).toThrow('scenarios[0].directory')
  }
})

const unreadable: [title: string, text: string | undefined, message: RegExp][] = [
  ['missing', undefined, /Expected a run record at .*run\.json, got no such file/],
  ['not JSON', '{"format":', /Expected .*run\.json to be JSON, got: /],
  ['not an object', '[]', /Expected the record in .*run\.json to be a JSON object, got \[\]/],
  ['another format', '{"format":"x"}', /Expected `format` .* "gauntlet-run\/1", got "x"/],
  ['a later version', '{"format":"gauntlet-run/2"}', /written by another version of gauntlet/],
  ['a missing field', '{"format":"gauntlet-run/1","id":"a"}', /Expected `seed` .* got nothing/],
]
for (const [title, text, message] of unreadable) {
  test(`a record that is ${title} is rejected in one clear line`, () => {
    if (text !== undefined) writeFileSync(join(root, 'run.json'), text)
    expect(() => readRun(root)).toThrow(InputError)
    expect(() => readRun(root)).toThrow(message)
  })
}

test('a wrong field is named with its path, what was expected and what was found', () => {
  const wrong = JSON.stringify(sampleRun()).replace('"outcome":"held"', '"outcome":"great"')
  writeFileSync(join(root, 'run.json'), wrong)
  let refused: unknown
  try {
    readRun(root)
  } catch (thrown) {
    refused = thrown
  }
  expect(refused).toBeInstanceOf(InputError)
  expect((refused as InputError).fields).toEqual({
    file: join(root, 'run.json'),
    path: 'scenarios[0].outcome',
    expected: 'one of held, broken, known-issue, not-applicable, not-run, inconclusive',
    found: '"great"',
  })
})

function savePlan(directory: string, record: Omit<RunRecord, 'endedAt'>): void {
  const { format: _, id, scenarios: __, ...head } = record
  const plan = { runId: id, depth: 'ci', ...head, scenarios: plannedOf(record) }
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan))
}

function plannedOf({ scenarios }: Pick<RunRecord, 'scenarios'>) {
  return scenarios.map(({ id, title }) => ({ id, title }))
}
