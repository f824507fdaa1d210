import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeReport } from './report.ts'
import { findAccessibilityViolations } from './testing/axe.ts'
import { launchChromium } from './testing/chromium.ts'
import { openReport } from './testing/open-report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'
import { writeTrend } from './trend.ts'

let browser: Browser
const root = mkdtempSync(join(tmpdir(), 'gauntlet-axe-'))
const run = join(root, 'run')

beforeAll(async () => {
  browser = await launchChromium()
  writeFixtureRun(run)
  writeFixtureRun(join(root, 'other'))
  await writeReport(run)
  writeTrend(root)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await rm(root, { recursive: true, force: true })
})

const pages: [name: string, folder: string, hash: string][] = [
  ['the overview', run, ''],
  ['a scenario that held', run, '#quorum-loss/leader-killed'],
  ['a broken scenario with its picture', run, '#quorum-loss/leader-cut-off'],
  ['the trend', root, ''],
]
const cases = pages.flatMap(([name, folder, hash]) =>
  (['light', 'dark'] as const).map((scheme) => ({ name, folder, hash, scheme })),
)

test.each(cases)('$name, $scheme, violates no rule of axe', async ({ folder, hash, scheme }) => {
  await using opened = await openReport(browser, folder, hash, { colorScheme: scheme })
  expect(await findAccessibilityViolations(opened.page)).toEqual([])
})
