import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderRun } from '../../../reports/report.ts'
import { checkRun } from '../../scenario/check/check-saved.ts'
import type { CheckedScenario } from '../../scenario/check/check-scenario.ts'
import { readRun } from '../run-directory.ts'
import { keepEvidence } from './keep-evidence.ts'

const saved = join(import.meta.dirname, '../../../fixtures/runs/one-of-each')
let run = ''
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'gauntlet-keep-'))
  cpSync(saved, run, { recursive: true })
})
afterEach(() => rmSync(run, { recursive: true, force: true }))

const at = (...parts: string[]) => join(run, 'scenarios/saved', ...parts)

async function checked(directory: string) {
  const found: Pick<CheckedScenario, 'scenario' | 'outcome' | 'differences'>[] = []
  for await (const { scenario, outcome, differences } of checkRun(directory, readRun(directory))) {
    found.push({ scenario, outcome, differences })
  }
  return found
}

test('compressed evidence of held scenarios is judged as before; the other evidence stays', async () => {
  const before = await checked(saved)
  await keepEvidence(run, 'compressed')
  expect(existsSync(at('held', 'history.jsonl'))).toBe(false)
  expect(existsSync(at('held', 'history.jsonl.gz'))).toBe(true)
  expect(existsSync(at('broken', 'history.jsonl'))).toBe(true)
  expect(await checked(run)).toEqual(before)
  const { indexHtml } = await renderRun(run)
  expect(indexHtml).not.toContain('history.jsonl is missing')
})

test('dropped evidence is on record as dropped, and is no difference', async () => {
  const before = await checked(saved)
  await keepEvidence(run, 'failed')
  expect(existsSync(at('held', 'history.jsonl'))).toBe(false)
  expect(existsSync(at('broken', 'history.jsonl'))).toBe(true)
  expect(await checked(run)).toEqual(before)
  rmSync(at('broken', 'history.jsonl'))
  const broken = (await checked(run)).find(({ scenario }) => scenario === 'saved/broken')
  expect(broken?.outcome).toBe('unreadable')
})
