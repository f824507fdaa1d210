import { mkdtempSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeReport } from './report.ts'
import { launchChromium } from './testing/chromium.ts'
import { writeHostileRun } from './testing/hostile.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'

let browser: Browser
const folders = ['run', 'hostile', 'large'].map((name) =>
  mkdtempSync(join(tmpdir(), `gauntlet-${name}-`)),
)
const [run = '', hostileRun = '', large = ''] = folders

beforeAll(async () => {
  browser = await launchChromium()
  writeFixtureRun(run)
  writeHostileRun(hostileRun)
  await writeReport(run)
  await writeReport(hostileRun)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

/** An open page, with its console messages, errors and network requests. */
async function open(folder: string, hash = '', options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(`requested ${request.url()}`)
  })
  await page.goto(`file://${folder}/index.html${hash}`)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

const rows = (page: Page) => page.locator('.scenarios tbody tr:visible')

/** Evaluated in the page, as text: the browser's types are not those of the tests. */
const inPage = {
  isWide: 'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  coloursDrawn: `[...document.querySelectorAll('.scenario.shown canvas')].map((canvas) =>
    new Set(new Uint32Array(canvas.getContext('2d')
      .getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)`,
  culpritHasFocus: "document.activeElement.classList.contains('is-culprit')",
  zoomWidth: `parseFloat(document.querySelector('.scenario.shown .lanes')
    .style.getPropertyValue('--zoom-width'))`,
  links: "[...document.querySelectorAll('.scenarios tbody a')].map((link) => link.hash)",
  numberFocusable: `[...document.querySelectorAll('a, button, select, input')]
    .filter((element) => element.checkVisibility())
    .map((element, index) => (element.dataset.number = index))`,
  numberOfFocused: 'document.activeElement.dataset.number',
  focusedTag: 'document.activeElement.tagName',
  brightness: `getComputedStyle(document.body).backgroundColor.match(/\\d+/g)
    .map(Number).reduce((sum, part) => sum + part, 0) / 765`,
  msToDraw: `(() => { const from = performance.now()
    dispatchEvent(new HashChangeEvent('hashchange'))
    return performance.now() - from })()`,
}

test('the page opens from disk, shows the verdict first, and requests nothing from the network', async () => {
  await using opened = await open(run)
  const { page, complaints } = opened
  expect(await page.locator('h1').textContent()).toBe('Broken')
  expect(await page.locator('.hero-sentence').textContent()).toContain('1 of 4 scenarios broke')
  expect(await page.locator('.scenario:visible').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('filters by outcome, suite and text leave the matching rows and their count', async () => {
  await using opened = await open(run)
  const { page } = opened
  expect(await rows(page).count()).toBe(6)
  await page.getByRole('button', { name: 'held', exact: true }).click()
  expect(await rows(page).count()).toBe(1)
  await page.getByRole('button', { name: 'broken', exact: true }).click()
  expect(await page.locator('.shown').first().textContent()).toBe('2 of 6')
  await page.getByRole('searchbox').fill('STALE reads')
  expect(await rows(page).count()).toBe(1)
  await page.getByRole('combobox').selectOption('conformance')
  expect(await rows(page).count()).toBe(0)
  expect(await page.getByText('No scenario matches').isVisible()).toBe(true)
})

test('a deep link opens its scenario with charts drawn, and a link leads back', async () => {
  await using opened = await open(run, '#quorum-loss/leader-killed')
  const { page, complaints } = opened
  expect(await page.locator('.scenario:visible h2').textContent()).toContain('killed leader')
  expect(await page.locator('.overview').isVisible()).toBe(false)
  const colours = (await page.evaluate(inPage.coloursDrawn)) as number[]
  expect(colours).toHaveLength(3)
  for (const count of colours) expect(count).toBeGreaterThan(5)
  await page.getByRole('link', { name: 'All scenarios' }).click()
  expect(await page.locator('h1').isVisible()).toBe(true)
  expect(complaints).toEqual([])
})

test('jumps lead to the first broken scenario and to the operation that no order explains', async () => {
  await using opened = await open(run, '', { viewport: { width: 600, height: 500 } })
  const { page } = opened
  await page.getByRole('link', { name: 'Jump to the first violation' }).click()
  await page.getByRole('button', { name: 'Jump to the violation' }).click()
  const culprit = page.locator('.bar.is-culprit')
  expect(await page.evaluate(inPage.culpritHasFocus)).toBe(true)
  expect(await culprit.getAttribute('aria-label')).toContain('no order explains it')
  expect(await culprit.textContent()).toContain('balance=10')
})

test('dragging zooms charts and lanes together, and a button shows all again', async () => {
  await using opened = await open(run, '#quorum-loss/leader-killed')
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
  await expect.poll(width).toBeGreaterThan(300)
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect.poll(width).toBe(100)
})

test('the page shows hostile texts inert', async () => {
  await using opened = await open(hostileRun)
  const { page, complaints } = opened
  const links = (await page.evaluate(inPage.links)) as string[]
  expect(links).toHaveLength(6)
  for (const hash of links) {
    await page.goto(`file://${hostileRun}/index.html${hash}`)
    expect(await page.locator('.scenario:visible').count(), hash).toBe(1)
  }
  await page.goto(`file://${hostileRun}/index.html${links.find((hash) => hash.includes('img'))}`)
  await expect.poll(() => page.locator('.scenario:visible').count()).toBe(1)
  expect(await page.locator('.scenario:visible h2').textContent()).toContain(
    "onerror=pwned('title')",
  )
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.locator('script:not(.chart-data)').count()).toBe(1)
  expect(complaints).toEqual([])
})

test('the keyboard alone reaches every control', async () => {
  await using opened = await open(run)
  const { page } = opened
  const all = (await page.evaluate(inPage.numberFocusable)) as number[]
  const reached = new Set<number>()
  for (let presses = 0; presses < all.length + 10; presses++) {
    await page.keyboard.press('Tab')
    reached.add(Number(await page.evaluate(inPage.numberOfFocused)))
  }
  expect(all.length).toBeGreaterThan(15)
  expect(all.filter((number) => !reached.has(number))).toEqual([])
  await page.locator('.scenarios tbody a').first().focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(inPage.focusedTag)).toBe('H2')
})

test('a phone shows the page without scrolling sideways', async () => {
  for (const hash of ['', '#quorum-loss/leader-killed', '#quorum-loss/leader-cut-off']) {
    await using opened = await open(run, hash, { viewport: { width: 360, height: 740 } })
    expect(await opened.page.evaluate(inPage.isWide), hash).toBe(false)
  }
})

test('the page is dark in a dark scheme and light in a light one', async () => {
  await using dark = await open(run, '', { colorScheme: 'dark' })
  await using light = await open(run, '', { colorScheme: 'light' })
  expect(await dark.page.evaluate(inPage.brightness)).toBeLessThan(0.15)
  expect(await light.page.evaluate(inPage.brightness)).toBeGreaterThan(0.9)
})

test('a printed report contains every scenario with its charts', async () => {
  await using opened = await open(run)
  const { page } = opened
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(5)
})

test('a hundred thousand operations stay below 2 MB and draw within 1.5 s', async () => {
  writeFixtureRun(large, { ratePerS: 3_200 })
  const { indexHtml } = await writeReport(large)
  const { size } = statSync(indexHtml)
  expect(size).toBeLessThan(2_000_000)
  await using opened = await open(large, '#quorum-loss/leader-killed')
  const drawMs = (await opened.page.evaluate(inPage.msToDraw)) as number
  expect(drawMs).toBeLessThan(1_500)
  expect(opened.complaints).toEqual([])
}, 60_000)
