import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../harness/core/errors.ts'
import { readRun } from '../harness/run-record/run-directory.ts'
import type { RunRecord } from '../harness/run-record/run-record.ts'
import { renderTrendPage } from './html/trend-page.ts'
import { isOpen } from './model/outages.ts'

export interface TrendRun {
  /** The run directory's name, which links lead to. */
  readonly folder: string
  readonly record: RunRecord
  /** Of the scenarios that measured one; null when none did. */
  readonly medianWriteOutageMs: number | null
  /** Scenarios whose writes were out when they ended: the median counts what was seen of them. */
  readonly unrecovered: number
}

export interface Trend {
  /** Newest first. */
  readonly runs: readonly TrendRun[]
  /** Folders whose record cannot be read, with the reason; the page lists them. */
  readonly unreadable: readonly { readonly folder: string; readonly reason: string }[]
}

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
    .sort((one, other) => one - other)
  const middle = Math.floor(outages.length / 2)
  const upper = outages[middle]
  if (upper === undefined) return null
  return outages.length % 2 === 1 ? upper : (upper + (outages[middle - 1] ?? upper)) / 2
}
