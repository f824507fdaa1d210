import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readRun } from '../harness/run-record/run-directory.ts'
import type { ScenarioRecord } from '../harness/run-record/run-record.ts'
import { type ScenarioView, viewScenario } from './model/scenario-view.ts'
import { watchViolationsOf } from './model/watch-violations.ts'
import { renderRun } from './report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'

const directory = mkdtempSync(join(tmpdir(), 'gauntlet-violations-'))
let broken: ScenarioRecord
let view: ScenarioView

beforeAll(async () => {
  writeFixtureRun(directory)
  broken = readRun(directory).scenarios.find(
    ({ outcome }) => outcome === 'broken',
  ) as ScenarioRecord
  view = await viewScenario(directory, broken, 100)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

test('a picture comes with the lines of the history that it shows', () => {
  const [{ raw } = { raw: undefined }] = view.pictures
  expect(raw?.file).toBe('history.jsonl')
  const answers = raw?.lines.map(({ text }) => JSON.parse(text)) ?? []
  expect(answers).toContainEqual(expect.objectContaining({ type: 'ok', f: 'get', revision: 911 }))
  const numbers = raw?.lines.map(({ number }) => number) ?? []
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
})

test('a violation of watches is a table with what every watcher received at its revision', () => {
  expect(view.watchViolations).toMatchObject([
    {
      checker: 'watch',
      rows: [{ guarantee: 'reliable', member: 'm3', revision: 912 }],
      raw: { file: 'watch.jsonl', lines: [{ number: 4 }] },
    },
  ])
})

test('violations are shown without the lines when watch.jsonl is gone, and only whole ones', async () => {
  const whole = { guarantee: 'reliable', member: 'm1', revision: 3, text: 'missing' }
  const evidence = { violations: [{ ...whole, member: 1 }, null, whole] }
  const verdict = { checker: 'watch', evidence }
  expect(await watchViolationsOf(verdict, join(directory, 'none'))).toEqual({
    checker: 'watch',
    rows: [whole],
  })
})

test('every jump has its target', async () => {
  const { indexHtml } = await renderRun(directory)
  const targets = [...indexHtml.matchAll(/data-target="([^"]+)"/g)].map(([, id]) => id)
  expect(targets).toHaveLength(2)
  for (const id of targets) expect(indexHtml).toContain(` id="${id}"`)
})
