import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { throughputValidator } from '../harness/run-record/throughput-record.ts'
import { writeReport } from './report.ts'
import { launchChromium } from './testing/chromium.ts'
import { hostile } from './testing/hostile.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'
import { sampleThroughput, writeThroughput } from './testing/throughput-fixture.ts'

const id = 'quorum-loss/leader-killed'

/** The scenario's page in a browser, with this beside its history. */
async function open(content: unknown, width = 1_200) {
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-throughput-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  writeFixtureRun(directory)
  if (content !== undefined) writeThroughput(directory, id, content)
  await writeReport(directory)
  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width, height: 800 } })
  await page.goto(`file://${directory}/index.html#${id}`)
  const cells = (row: number) =>
    page.locator('.scenario.shown .throughput tbody tr').nth(row).locator('th, td').allInnerTexts()
  return { page, cells, text: () => page.locator('.scenario.shown').innerText() }
}

test('each load has a row with its rate, its latencies, its costs and the proof of its count', async () => {
  const { cells, text } = await open(
    sampleThroughput(
      {},
      { generator: 'gateway', target: 'all', members: ['m2', 'm3', 'm1'], writesPerS: 1_500 },
    ),
  )
  const rest = ['20 ms', '31 ms', '58 ms', '101 ms', '141 ms', '0', '0.92', '0.75', '≤ 4 ms']
  expect(await cells(0)).toEqual(['etcd3', 'leader m1', '64', '3,000', ...rest, 'proved'])
  expect(await cells(1)).toEqual(['gateway', '3 members', '64', '1,500', ...rest, 'proved'])
  expect(await text()).not.toContain('Warnings about these figures')
})

test('a row shows errors, a refuted count, the spread of rounds and warnings', async () => {
  const [measured] = sampleThroughput({}).measurements
  const [round] = measured?.rounds ?? []
  const wrong = { ...round, writesPerS: 2_500, proof: { ...round?.proof, holds: false } }
  const { cells, text, page } = await open(
    sampleThroughput({
      errors: { timeout: 3, 'HTTP 503': 4 },
      rounds: [round, wrong] as never,
      warnings: ['the generator was the bottleneck'],
    }),
  )
  const shown = await cells(0)
  expect([shown[3], shown[9], shown[13]]).toEqual(['3,000\n2,500 to 3,000', '7', 'refuted'])
  expect(await page.locator('.throughput .is-grave').count()).toBe(2)
  expect(await text()).toContain('Warnings about these figures (1 warning)')
})

test('a scenario without measurements has no table, and damaged ones are reported', async () => {
  expect(await (await open(undefined)).text()).not.toContain('Throughput')
  const { text } = await open({ ...sampleThroughput({}), keys: 'many' })
  expect(await text()).toContain(
    'Cannot be shown: Expected `keys` in throughput.json to be an integer from 0, got "many"',
  )
})

test('the table shows hostile texts inert, and a phone does not scroll sideways', async () => {
  const texts = { generator: hostile('generator'), warnings: [hostile('warning')] }
  const { page, text } = await open(sampleThroughput({ ...texts, members: [hostile('m')] }), 360)
  expect(await text()).toContain("pwned('generator')")
  expect(await page.locator('img').count()).toBe(0)
  const wide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
  expect(await page.evaluate(wide)).toBe(false)
})

test('the fixture is valid by the published schema', () => {
  expect(throughputValidator.findMismatch(sampleThroughput({}))).toBeUndefined()
  expect(throughputValidator.accepts({ ...sampleThroughput({}), measurements: [{}] })).toBe(false)
})
