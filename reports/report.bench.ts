import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatBytes, formatQuantity } from './model/format.ts'
import { writeReport } from './report.ts'
import { launchChromium } from './testing/chromium.ts'
import { measureOpening, measureScrolling } from './testing/measure-page.ts'
import { writeFixtureRun } from './testing/run-fixture.ts'

/**
 * How the page of a broken scenario with a hundred thousand operations opens and scrolls in a headless
 * Chromium without a GPU. The run is simulated, from a fixed seed. Exit 1 when a figure is over its
 * limit. The machine must be quiet: the output has the load average. Run by `npm run bench:report`.
 */
const operations = 100_000
const drillS = 16
const limits = {
  openMs: 2_000,
  longestTaskMs: 1_000,
  redrawMs: 500,
  /** Two frames of a screen with 60 a second: one was missed. */
  frameP95Ms: 34,
  frameLongestMs: 100,
  domNodes: 5_000,
  htmlBytes: 2_000_000,
} as const
const hash = '#quorum-loss/leader-cut-off'

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-report-bench-'))
try {
  writeFixtureRun(folder, { ratePerS: operations / drillS })
  const renderedFrom = performance.now()
  const { indexHtml } = await writeReport(folder)
  console.log(`rendered in ${Math.round(performance.now() - renderedFrom)} ms`)
  await using browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } })
  const opening = await measureOpening(page, `file://${indexHtml}${hash}`)
  const scrolling = await measureScrolling(page)
  const figures = { ...opening, ...scrolling, htmlBytes: statSync(indexHtml).size }
  const missed = report(figures)
  console.log(`${scrolling.frames} frames; load average ${loadavg()[0]?.toFixed(1)}`)
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A line each; returns how many are over their limit. */
function report(figures: Readonly<Record<keyof typeof limits, number>>): number {
  const names = Object.keys(limits) as (keyof typeof limits)[]
  const lines = names.map((name) => {
    const isGood = figures[name] <= limits[name]
    const show = (value: number) =>
      name.endsWith('Bytes') ? formatBytes(value) : formatQuantity(Math.round(value))
    return { isGood, text: `${name.padEnd(16)} ${show(figures[name])} of ${show(limits[name])}` }
  })
  for (const { isGood, text } of lines) console.log(`${isGood ? 'ok  ' : 'MISS'} ${text}`)
  return lines.filter(({ isGood }) => !isGood).length
}
