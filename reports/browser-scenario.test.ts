import { mkdtempSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeReport } from './report.ts'
import { launchChromium } from './testing/chromium.ts'
import { openReport } from './testing/open-report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'

let browser: Browser
const folders = ['run', 'large'].map((name) => mkdtempSync(join(tmpdir(), `gauntlet-${name}-`)))
const [run = '', large = ''] = folders

beforeAll(async () => {
  browser = await launchChromium()
  writeFixtureRun(run)
  await writeReport(run)
})
afterAll(async () => {
  await browser?.close()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

/** On a machine that runs the other tests too. */
const patient = { timeout: 15_000 }

/** Evaluated in the page, as text: the browser's types are not those of the tests. */
const inPage = {
  coloursDrawn: `[...document.querySelectorAll('.scenario.shown canvas')].map((canvas) =>
    new Set(new Uint32Array(canvas.getContext('2d')
      .getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)`,
  culpritHasFocus: "document.activeElement.classList.contains('is-culprit')",
  zoomWidth: `parseFloat(document.querySelector('.scenario.shown .lanes')
    .style.getPropertyValue('--zoom-width'))`,
  msToDraw: `(() => { const from = performance.now()
    dispatchEvent(new HashChangeEvent('hashchange'))
    return performance.now() - from })()`,
}

test('a deep link opens its scenario with charts drawn, and a link leads back', async () => {
  await using opened = await openReport(browser, run, '#quorum-loss/leader-killed')
  const { page, complaints } = opened
  expect(await page.locator('.scenario:visible h1').textContent()).toContain('killed leader')
  expect(await page.locator('.overview').isVisible()).toBe(false)
  const colours = (await page.evaluate(inPage.coloursDrawn)) as number[]
  expect(colours).toHaveLength(3)
  for (const count of colours) expect(count).toBeGreaterThan(5)
  await page.getByRole('link', { name: 'All scenarios' }).click()
  // The page follows its address in an event of its own, after the click.
  await page.locator('.hero h1').waitFor()
  expect(complaints).toEqual([])
})

test('jumps lead to the first broken scenario and to the operation that no order explains', async () => {
  await using opened = await openReport(browser, run, '', { viewport: { width: 600, height: 500 } })
  const { page } = opened
  await page.getByRole('link', { name: 'Jump to the first violation' }).click()
  await page.getByRole('button', { name: 'Jump to the violation' }).click()
  const culprit = page.locator('.bar.is-culprit')
  await expect.poll(() => page.evaluate(inPage.culpritHasFocus), patient).toBe(true)
  expect(await culprit.getAttribute('aria-label')).toContain('(the violation)')
  expect(await culprit.textContent()).toContain('balance=10')
})

test('dragging zooms charts and lanes together, and a button shows all again', async () => {
  await using opened = await openReport(browser, run, '#quorum-loss/leader-killed')
  const { page } = opened
  const chart = page.locator('.scenario.shown .u-over').first()
  await chart.scrollIntoViewIfNeeded()
  const box = await chart.boundingBox()
  if (box === null) throw new RangeError('Expected a chart')
  await page.mouse.move(box.x + box.width * 0.3, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 4 })
  await page.mouse.up()
  const width = () => page.evaluate(inPage.zoomWidth)
  await expect.poll(width, patient).toBeGreaterThan(300)
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect.poll(width, patient).toBe(100)
})

test('a hundred thousand operations stay below 2 MB and draw within 1.5 s', async () => {
  writeFixtureRun(large, { ratePerS: 3_200 })
  const { indexHtml } = await writeReport(large)
  const { size } = statSync(indexHtml)
  expect(size).toBeLessThan(2_000_000)
  await using opened = await openReport(browser, large, '#quorum-loss/leader-killed')
  const drawMs = (await opened.page.evaluate(inPage.msToDraw)) as number
  expect(drawMs).toBeLessThan(1_500)
  expect(opened.complaints).toEqual([])
})
