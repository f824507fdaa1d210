import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeReport } from './report.ts'
import { launchChromium } from './testing/chromium.ts'
import { hostileTexts, writeHostileRun } from './testing/hostile.ts'
import { openReport } from './testing/open-report.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'
import { kinds, writeViolationsRun } from './testing/violations-run.ts'

let browser: Browser
const folders = ['run', 'hostile', 'kinds'].map((name) =>
  mkdtempSync(join(tmpdir(), `gauntlet-${name}-`)),
)
const [run = '', hostileRun = '', hostileKinds = ''] = folders

beforeAll(async () => {
  browser = await launchChromium()
  writeFixtureRun(run)
  await writeReport(run)
  writeHostileRun(hostileRun)
  await writeReport(hostileRun)
  await writeViolationsRun(hostileKinds, hostileTexts)
  await writeReport(hostileKinds)
})
afterAll(async () => {
  await browser?.close()
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

const rows = (page: Page) => page.locator('.scenarios tbody tr:visible')

/** On a machine that runs the other tests too. */
const patient = { timeout: 15_000 }

/** Evaluated in the page, as text: the browser's types are not those of the tests. */
const inPage = {
  isWide: 'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  links: "[...document.querySelectorAll('.scenarios tbody a')].map((link) => link.hash)",
  numberFocusable: `[...document.querySelectorAll('a, button, select, input')]
    .filter((element) => element.checkVisibility())
    .map((element, index) => (element.dataset.number = index))`,
  numberOfFocused: 'document.activeElement.dataset.number',
  wordsFromLeftToRight: `[...document.querySelectorAll('.scenario.shown .bar b')].map((bar) =>
    [...bar.querySelectorAll('bdi')].map((word) => word.getBoundingClientRect().left))
    .filter((lefts) => lefts.length > 1)
    .map((lefts) => lefts.every((left, index) => index === 0 || left > lefts[index - 1]))`,
  listsOnPaper: `(() => {
    const open = () => [...document.querySelectorAll('.picture-words')].map((list) => list.open)
    const before = open()
    dispatchEvent(new Event('beforeprint'))
    const during = open()
    dispatchEvent(new Event('afterprint'))
    return { before, during, after: open() }
  })()`,
  focusIsCulprit: "document.activeElement.classList.contains('is-culprit')",
  focusedTag: 'document.activeElement.tagName',
  brightness: `getComputedStyle(document.body).backgroundColor.match(/\\d+/g)
    .map(Number).reduce((sum, part) => sum + part, 0) / 765`,
}

test('the page opens from disk, shows the verdict first, and requests nothing from the network', async () => {
  await using opened = await openReport(browser, run)
  const { page, complaints } = opened
  expect(await page.locator('.hero h1').textContent()).toBe('Broken')
  expect(await page.locator('.hero-sentence').textContent()).toContain('1 of 4 scenarios broke')
  expect(await page.locator('.scenario:visible').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('filters by outcome, suite and text leave the matching rows and their count', async () => {
  await using opened = await openReport(browser, run)
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

test('the page shows hostile texts inert', async () => {
  await using opened = await openReport(browser, hostileRun)
  const { page, complaints } = opened
  const links = (await page.evaluate(inPage.links)) as string[]
  expect(links).toHaveLength(6)
  for (const hash of links) {
    await page.goto(`file://${hostileRun}/index.html${hash}`)
    const shown = () => page.locator('.scenario:visible').count()
    await expect.poll(shown, { ...patient, message: hash }).toBe(1)
  }
  await page.goto(`file://${hostileRun}/index.html${links.find((hash) => hash.includes('img'))}`)
  await expect.poll(() => page.locator('.scenario:visible').count(), patient).toBe(1)
  expect(await page.locator('.scenario:visible h1').textContent()).toContain(
    "onerror=pwned('title')",
  )
  expect(await page.evaluate(inPage.wordsFromLeftToRight)).toEqual([true, true])
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.locator('script:not(.chart-data)').count()).toBe(1)
  expect(complaints).toEqual([])
})

test('pictures of violations show hostile keys, values and members inert', async () => {
  await using opened = await openReport(browser, hostileKinds)
  const { page, complaints } = opened
  for (const kind of kinds) {
    await page.goto(`file://${hostileKinds}/index.html#broken/${kind}`)
    const jump = page.locator('.scenario.shown .jump')
    await expect.poll(() => jump.count(), patient).toBe(1)
    await jump.click()
    await expect
      .poll(() => page.evaluate(inPage.focusIsCulprit), { ...patient, message: kind })
      .toBe(true)
    const order = (await page.evaluate(inPage.wordsFromLeftToRight)) as boolean[]
    expect(new Set(order), kind).toEqual(new Set([true]))
    expect(await page.evaluate(inPage.isWide), kind).toBe(false)
    expect(await page.locator('.scenario.shown .picture').innerText()).toContain('pwned')
  }
  expect(await page.locator('img').count()).toBe(0)
  expect(await page.locator('script:not(.chart-data)').count()).toBe(1)
  expect(complaints).toEqual([])
})

test('the keyboard alone reaches every control', async () => {
  await using opened = await openReport(browser, run)
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
  await expect.poll(() => page.evaluate(inPage.focusedTag), patient).toBe('H1')
})

test('a phone shows the page without scrolling sideways', async () => {
  for (const hash of ['', '#quorum-loss/leader-killed', '#quorum-loss/leader-cut-off']) {
    await using opened = await openReport(browser, run, hash, {
      viewport: { width: 360, height: 740 },
    })
    expect(await opened.page.evaluate(inPage.isWide), hash).toBe(false)
  }
})

test('the page is dark in a dark scheme and light in a light one', async () => {
  await using dark = await openReport(browser, run, '', { colorScheme: 'dark' })
  await using light = await openReport(browser, run, '', { colorScheme: 'light' })
  expect(await dark.page.evaluate(inPage.brightness)).toBeLessThan(0.15)
  expect(await light.page.evaluate(inPage.brightness)).toBeGreaterThan(0.9)
})

test('paper has the list of each picture, which the screen folds again', async () => {
  await using opened = await openReport(browser, hostileKinds, '#broken/lease')
  const lists = await opened.page.evaluate(inPage.listsOnPaper)
  const all = (isOpen: boolean) => kinds.map(() => isOpen)
  expect(lists).toEqual({ before: all(false), during: all(true), after: all(false) })
})

test('a printed report contains every scenario with its charts', async () => {
  await using opened = await openReport(browser, run)
  const { page } = opened
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(5)
})
