import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { compressedName, isCompressed } from '../../history/files/text.ts'
import { insideRun } from '../files.ts'
import { readRun, saveScenario, writeRun } from '../run-directory.ts'
import type { ScenarioRecord } from '../run-record.ts'
import { outcomeOf } from '../verdict.ts'
import { digestEvidence, listEvidence } from './files.ts'

/** What stays of the evidence of scenarios that held; that of all others stays as it is. */
export type Keep = 'all' | 'compressed' | 'failed'

/**
 * Makes a run directory smaller: compresses the streams of held scenarios (`compressed`), which are
 * judged again as before, or drops their evidence (`failed`), of which the record then says so. Long
 * runs are compressed already and stay whole.
 */
export async function keepEvidence(directory: string, keep: Keep): Promise<void> {
  if (keep === 'all') return
  const run = readRun(directory)
  const scenarios: ScenarioRecord[] = []
  for (const scenario of run.scenarios) {
    const isWhole = outcomeOf(scenario) !== 'held' || scenario.windows !== undefined
    const path = insideRun(directory, scenario.directory)
    const kept = isWhole ? scenario : await reducers[keep](path, scenario)
    if (kept !== scenario) saveScenario(directory, kept)
    scenarios.push(kept)
  }
  writeRun({ path: directory }, { ...run, scenarios })
}

const reducers: Readonly<
  Record<Exclude<Keep, 'all'>, (path: string, record: ScenarioRecord) => Promise<ScenarioRecord>>
> = { compressed: compress, failed: drop }

async function compress(path: string, record: ScenarioRecord): Promise<ScenarioRecord> {
  for (const file of await listEvidence(path)) {
    if (!/\.(jsonl|log)$/.test(file) || isCompressed(file)) continue
    const from = join(path, file)
    await pipeline(createReadStream(from), createGzip(), createWriteStream(compressedName(from)))
    await rm(from)
  }
  const evidenceSha256 = await digestEvidence(path, await listEvidence(path))
  return { ...record, evidenceSha256 }
}

async function drop(path: string, record: ScenarioRecord): Promise<ScenarioRecord> {
  for (const name of await readdir(path)) {
    if (name !== 'scenario.json') await rm(join(path, name), { recursive: true })
  }
  const { evidenceSha256: _, ...rest } = record
  return { ...rest, evidenceDropped: true }
}
