import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFinding } from './finding.ts'
import { writeReport } from './report.ts'
import { findAccessibilityViolations } from './testing/axe.ts'
import { launchChromium } from './testing/chromium.ts'
import { openReport } from './testing/open-report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'
import { kinds, writeViolationsRun } from './testing/violations-run.ts'
import { writeTrend } from './trend.ts'

let browser: Browser
const root = mkdtempSync(join(tmpdir(), 'gauntlet-axe-'))
const run = join(root, 'run')
const kindsRun = mkdtempSync(join(tmpdir(), 'gauntlet-axe-kinds-'))
const finding = join(kindsRun, 'finding')

beforeAll(async () => {
  browser = await launchChromium()
  writeFixtureRun(run)
  writeFixtureRun(join(root, 'other'))
  await writeReport(run)
  writeTrend(root)
  const [durability] = await writeViolationsRun(kindsRun)
  await writeReport(kindsRun)
  if (durability === undefined) throw new RangeError('Expected a record')
  const page = await renderFinding(join(kindsRun, durability.directory), durability)
  mkdirSync(finding)
  writeFileSync(join(finding, 'index.html'), page)
})
afterAll(async () => {
  await browser?.close()
  for (const folder of [root, kindsRun]) await rm(folder, { recursive: true, force: true })
})

const pages: [name: string, folder: string, hash: string][] = [
  ['the overview', run, ''],
  ['a broken scenario with its pictures', run, '#quorum-loss/leader-cut-off'],
  ['the trend', root, ''],
  ...kinds.map((kind): [string, string, string] => [
    `a ${kind} violation`,
    kindsRun,
    `#broken/${kind}`,
  ]),
  ['the picture in a bundle', finding, ''],
]

test.each(pages)('%s violates no rule of axe', async (_, folder, hash) => {
  await using opened = await openReport(browser, folder, hash)
  expect(await findAccessibilityViolations(opened.page)).toEqual([])
})
