import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { RunRecord } from '../harness/run-record/run-record.ts'
import { renderAnnotations } from './annotations.ts'
import { renderFinding } from './finding.ts'
import { embedJson } from './html/html.ts'
import { type RenderedRun, renderRun } from './report.ts'
import { renderTerminal } from './terminal.ts'
import { hostile, hostileTexts, writeHostileRun } from './testing/hostile.ts'
import { writeViolationsRun } from './testing/violations-run.ts'

let directory = ''
let record: RunRecord
let rendered: RenderedRun

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-hostile-'))
  record = writeHostileRun(directory)
  rendered = await renderRun(directory)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('the page contains no element and no script from a run', () => {
  const { indexHtml } = rendered
  expect(indexHtml.includes('pwned(')).toBe(true) // the text itself is shown
  expect(/<img|<script>\s*pwned/.test(indexHtml)).toBe(false)
  expect(indexHtml.match(/<script>/g)).toHaveLength(1)
  expect(hasAny(indexHtml, [0, 0x1b, 0x202e, 0x200f, 0x061c])).toBe(false)
})

test('pictures contain no element, no script and no long text from a run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-hostile-kinds-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const records = await writeViolationsRun(folder, hostileTexts)
  const { indexHtml } = await renderRun(folder)
  const findings = await Promise.all(
    records.map((each) => renderFinding(join(folder, each.directory), each)),
  )
  for (const page of [indexHtml, ...findings]) {
    expect(page.includes('pwned(')).toBe(true)
    expect(/<img|<script>\s*pwned/.test(page)).toBe(false)
    expect(page.match(/<script>/g)).toHaveLength(1)
    expect(hasAny(page, [0, 0x1b, 0x202e, 0x200f, 0x061c])).toBe(false)
    expect(page.length).toBeLessThan(600_000)
  }
})

test('texts of millions of characters are cut in every form, with their length', () => {
  for (const text of [rendered.indexHtml, rendered.junitXml, rendered.summaryMd]) {
    expect(text.length).toBeLessThan(500_000)
  }
  for (const text of [rendered.indexHtml, rendered.junitXml]) {
    expect(text).toMatch(/… \(3,000,\d\d\d characters\)/)
  }
  expect(renderTerminal(record, { color: false, width: 100 }).length).toBeLessThan(20_000)
})

test('the page shows every hostile text', () => {
  for (const tag of [
    'run id',
    'command',
    'error',
    'version',
    'image',
    'digest',
    'cluster',
    'option',
    'kernel',
    'engine',
    'detail',
    'lost',
    'remedy',
    'id',
    'suite',
    'title',
    'reason',
    'reproduce',
    'member',
    'measure',
    'checker',
    'skipped checker',
    'skip reason',
    'verdict',
    'expected',
    'found',
    'key',
    'value',
    'fault',
    'target',
    'proof expected',
    'proof at',
    'proof what',
    'proof before',
    'proof now',
    'mark member',
    'f',
    'operation error',
  ]) {
    expect(new RegExp(`pwned\\((&#39;|')${tag}`).test(rendered.indexHtml), tag).toBe(true)
  }
})

test('embedded data can end neither its element nor a line', () => {
  const blocks = [...rendered.indexHtml.matchAll(/class="chart-data">([\s\S]*?)<\/script>/g)]
  expect(blocks.length).toBeGreaterThan(1)
  for (const [, json = ''] of blocks) {
    expect(json).not.toMatch(/[<>&\u2028\u2029]/)
    expect(() => JSON.parse(json)).not.toThrow()
  }
})

test('embedded data decodes to what was embedded', () => {
  const value = { [hostile('field')]: [hostile('value').toWellFormed(), 1, null] }
  const { text } = embedJson(value)
  expect(text).not.toMatch(/[<>&\u2028\u2029]/)
  expect(JSON.parse(text)).toEqual(value)
})

test('the XML contains no forbidden character and no markup from a run', () => {
  expect(hasAny(rendered.junitXml, [0, 0x1b, 0xfffe, 0xffff])).toBe(false)
  expect(rendered.junitXml).not.toMatch(/<img|<script|]]>/)
  expect(rendered.junitXml).toContain('&#60;script&#62;')
})

test('the Markdown contains no markup, link or extra cell from a run', () => {
  const lines = rendered.summaryMd.split('\n')
  expect(rendered.summaryMd.replace(/^ {4}.*$/gm, '')).not.toMatch(/<|\[x\]|`|^::/m)
  for (const line of lines.filter((text) => text.startsWith('|'))) {
    expect(line.split('|')).toHaveLength(9)
  }
})

test('the terminal receives no escape sequence from a run', () => {
  expect(hasAny(renderTerminal(record, { color: false, width: 100 }), [0, 0x1b, 0x202e])).toBe(
    false,
  )
})

test('a workflow log receives one command for each scenario, whatever its texts', () => {
  const annotations = renderAnnotations(record)
  expect(annotations.length).toBeGreaterThan(1)
  for (const line of annotations) expect(line).toMatch(/^::(error|warning|notice) title=[^\n\r]*$/)
})

function hasAny(text: string, codes: readonly number[]): boolean {
  return codes.some((code) => text.includes(String.fromCharCode(code)))
}
