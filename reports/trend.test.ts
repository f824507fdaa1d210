import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeRun } from '../harness/run-record/run-directory.ts'
import { sampleRun } from '../harness/run-record/testing/sample-run.ts'
import { hostile } from './testing/hostile.ts'
import { readTrend, writeTrend } from './trend.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gauntlet-trend-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function save(folder: string, startedAt: string, outagesMs: readonly (number | null)[]): void {
  const scenarios = outagesMs.map((writeOutageMs) => ({ measures: { writeOutageMs } }))
  writeRun({ path: join(root, folder) }, { ...sampleRun(scenarios), id: folder, startedAt })
}

test('the trend lists all saved runs, newest first, with the median of their write outages', () => {
  save('old', '2026-01-30T09:00:00Z', [100, 900, 300])
  save('new', '2026-01-31T09:00:00Z', [100, 300, null])
  save('none', '2026-01-29T09:00:00Z', [null])
  const { runs } = readTrend(root)
  expect(runs.map(({ folder, medianWriteOutageMs }) => [folder, medianWriteOutageMs])).toEqual([
    ['new', 200],
    ['old', 300],
    ['none', null],
  ])
})

test('a run whose writes never recovered is in the trend, and says so', () => {
  const open = { of: 'writes', beginNs: 1, endNs: null, leastMs: 40_000, mostMs: null } as const
  const scenario = { measures: { writeOutageMs: 40_000 }, outages: [open] }
  for (const folder of ['one', 'two']) {
    writeRun({ path: join(root, folder) }, { ...sampleRun([scenario]), id: folder })
  }
  expect(readTrend(root).runs.map((run) => [run.medianWriteOutageMs, run.unrecovered])).toEqual([
    [40_000, 1],
    [40_000, 1],
  ])
  const html = readFileSync(writeTrend(root), 'utf8')
  expect(html.match(/<circle [^>]*r="4"/g)).toHaveLength(2)
  expect(html).toContain('1 not recovered')
})

test('a line of the trend is over runs with the same members and the same measured scenarios', () => {
  save('one', '2026-01-28T09:00:00Z', [100, 300])
  save('two', '2026-01-29T09:00:00Z', [100, 300])
  save('fewer', '2026-01-30T09:00:00Z', [9_000, null])
  const lines = () => readFileSync(writeTrend(root), 'utf8').match(/<figure class="spark"/g) ?? []
  expect(readFileSync(writeTrend(root), 'utf8').match(/<circle [^>]*r="4"/g)).toHaveLength(2)
  expect(lines()).toHaveLength(1)
  save('fewer-again', '2026-01-31T09:00:00Z', [9_000, null])
  expect(lines()).toHaveLength(2)
})

test('the trend lists an unreadable run with the reason, and ignores other folders', () => {
  save('good', '2026-01-30T09:00:00Z', [100])
  mkdirSync(join(root, 'bad'))
  writeFileSync(join(root, 'bad', 'run.json'), '{')
  mkdirSync(join(root, 'not-a-run'))
  const html = readFileSync(writeTrend(root), 'utf8')
  expect(html).toContain('href="good/index.html"')
  expect(html).toContain('to be JSON')
  expect(html).not.toContain('not-a-run')
})

test('the trend of an empty folder says that no run is saved', () => {
  expect(readFileSync(writeTrend(root), 'utf8')).toContain('No run is saved here yet')
})

test('the trend shows hostile names inert', () => {
  const record = sampleRun()
  const etcd = { ...record.etcd, version: hostile('version') }
  for (const folder of ['one', 'two']) {
    writeRun({ path: join(root, folder) }, { ...record, id: hostile('id'), etcd })
  }
  const html = readFileSync(writeTrend(root), 'utf8')
  expect(/<img|<script>pwned/.test(html)).toBe(false)
  expect(html.includes('pwned')).toBe(true)
})
