import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../harness/core/errors.ts'
import { median } from '../harness/core/median.ts'
import { readRun } from '../harness/run-record/run-directory.ts'
import type { RunRecord } from '../harness/run-record/run-record.ts'
import { renderTrendPage } from './html/trend-page.ts'
import { isOpen } from './model/outages.ts'
import type { Trend, TrendRun } from './model/trend-runs.ts'

/** Reads every run directory below `root`. A folder without run.json is no run directory. */
export function readTrend(root: string): Trend {
  const runs: TrendRun[] = []
  const unreadable: { folder: string; reason: string }[] = []
  for (const folder of readdirSync(root)) {
    const path = join(root, folder)
    if (!statSync(join(path, 'run.json'), { throwIfNoEntry: false })?.isFile()) continue
    try {
      const record = readRun(path)
      const unrecovered = record.scenarios.filter((scenario) => isOpen(scenario, 'writes')).length
      runs.push({ folder, record, medianWriteOutageMs: medianWriteOutageMs(record), unrecovered })
    } catch (thrown) {
      unreadable.push({ folder, reason: messageOf(thrown) })
    }
  }
  runs.sort((one, other) => (one.record.startedAt < other.record.startedAt ? 1 : -1))
  return { runs, unreadable }
}

/** Writes `<root>/index.html` over all saved runs; returns its path. */
export function writeTrend(root: string): string {
  const file = join(root, 'index.html')
  writeFileSync(file, renderTrendPage(readTrend(root)))
  return file
}

function medianWriteOutageMs({ scenarios }: RunRecord): number | null {
  const outages = scenarios
    .map(({ measures }) => measures.writeOutageMs)
    .filter((value) => typeof value === 'number')
  return outages.length === 0 ? null : median(outages)
}
