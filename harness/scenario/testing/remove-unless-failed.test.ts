import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Log } from '../../core/log.ts'
import { endEvidence, removeUnlessFailed } from './remove-unless-failed.ts'

const lines: string[] = []
const log: Log = { step: () => {}, warn: (text) => lines.push(text) }
const directories: string[] = []

function evidenceOf(seed: number) {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-evidence-'))
  directories.push(directory)
  return { directory, seed, log }
}

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

test('evidence of a test that failed stays, and a line names its seed and directory', () => {
  const evidence = evidenceOf(7)
  endEvidence(evidence, 'fail')
  expect(existsSync(evidence.directory)).toBe(true)
  expect(lines).toEqual([`seed 7, evidence in ${evidence.directory}`])
})

let passing = ''

test('evidence of a test that runs is still there for its assertions', () => {
  const evidence = evidenceOf(8)
  removeUnlessFailed(evidence)
  passing = evidence.directory
  expect(existsSync(passing)).toBe(true)
})

test('evidence of a test that passed is gone', () => {
  expect([passing, existsSync(passing)]).toEqual([expect.stringMatching(/evidence/), false])
})
