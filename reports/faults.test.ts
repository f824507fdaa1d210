import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { renderFaults } from './html/scenario/faults.ts'
import type { FaultSpan } from './model/timeline/fault-spans.ts'
import { renderRun } from './report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'

const span: FaultSpan = { name: 'kill', effect: 'stops', targets: ['m1'], fromS: 6, toS: 11 }

test("a scenario's page shows what was measured of each fault", async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-faults-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  writeFixtureRun(directory)
  const { indexHtml } = await renderRun(directory)
  const [killed = '', cut = ''] = indexHtml.split('<article').slice(1).map(rowsOf)
  expect(killed).toContain('kill m1 from 6.00 s to 11.0 s stops effect observed')
  expect(killed).toContain('no process, or another one than before')
  expect(killed).toContain('process of m1: 4711 before, none during')
  expect(cut).toContain('cuts no effect observed')
  expect(cut).toContain('packets from m1 of m2: 0 before, 12 during')
})

test("a scenario's page names the checkers that did not judge it, with the reason", async () => {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-skipped-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  writeFixtureRun(directory)
  const { indexHtml } = await renderRun(directory)
  const text = indexHtml.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(text).toContain('not judged logs the scenario expects the member to panic')
})

test('a window without a probe is not measured, and never shown as observed', () => {
  const text = rowsOf(renderFaults([{ ...span, effect: undefined }]).text)
  expect(text).toContain('unknown not measured')
  expect(text).not.toContain('observed')
})

test('a probe without readings observed nothing', () => {
  const proof = { observed: false, expected: 'another leader', measured: [] }
  const text = rowsOf(renderFaults([{ ...span, proof }]).text)
  expect(text).toContain('no effect observed another leader nothing')
})

test('without faults there is no table', () => {
  expect(renderFaults([]).text).toBe('')
})

/** The words of the table of faults. */
function rowsOf(page: string): string {
  const [, rows = ''] = /plain faults">[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page) ?? []
  return rows.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}
