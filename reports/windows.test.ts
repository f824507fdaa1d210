import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { windowFolder } from '../harness/run-record/evidence/windows.ts'
import { writeRun } from '../harness/run-record/run-directory.ts'
import type { ScenarioRecord } from '../harness/run-record/run-record.ts'
import { sampleRun } from '../harness/run-record/testing/sample-run.ts'
import { renderRun } from './report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'

const id = 'quorum-loss/leader-killed'

/** A run of many windows, of which the last one's evidence is there, compressed. */
function setUp(count: number, ratePerS: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'report-windows-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const one = mkdtempSync(join(tmpdir(), 'report-window-'))
  onTestFinished(() => rmSync(one, { recursive: true }))
  const run = writeFixtureRun(one, { ratePerS, held: true })
  const record = run.scenarios.find((scenario) => scenario.id === id) as ScenarioRecord
  const shownWindow = windowFolder(count)
  const window = join(directory, record.directory, shownWindow)
  mkdirSync(join(window, 'members'), { recursive: true })
  for (const file of ['history.jsonl', 'members/m1.log']) {
    const text = readFileSync(join(one, record.directory, file))
    writeFileSync(join(window, `${file}.gz`), gzipSync(text))
  }
  writeFileSync(join(window, 'scenario.json'), JSON.stringify(record))
  const { outcome, startedAt, durationMs } = record
  const windows = Array.from({ length: count }, (_, index) => ({
    folder: windowFolder(index + 1),
    outcome,
    reason: 'every checker is valid',
    startedAt,
    durationMs,
    operations: 50_000,
  }))
  const whole = { ...record, marks: [], durationMs: count * durationMs, windows, shownWindow }
  writeRun({ path: directory }, sampleRun([whole]))
  return directory
}

test('the report of a long run shows one window, and says how many there were', async () => {
  const { indexHtml } = await renderRun(setUp(3, 100))
  expect(indexHtml).toContain('cut into 3 windows on one cluster')
  expect(indexHtml).toContain('What follows is of window 3.')
  expect(indexHtml).toContain('windows/0002')
  expect(indexHtml).toContain('class="chart-data"')
  expect(indexHtml).toContain('Member logs around the fault')
  expect(indexHtml).not.toContain('No history was saved')
})

test('the report of eight hours stays below two megabytes', async () => {
  const { indexHtml } = await renderRun(setUp(245, 800))
  expect(indexHtml.length).toBeLessThan(2e6)
})
