import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CheckInput } from '../../../checkers/checker.ts'
import { encodeHistory } from '../../../history/codec.ts'
import type { WatchLog } from '../../../history/logs/watch.ts'
import { createReferrer } from '../../../history/logs/watch-references.ts'
import type { Observations } from '../../../run-record/evidence/observations.ts'
import { compressedPaths, evidencePaths } from '../../../run-record/evidence/paths.ts'
import { readEvidence, type SavedEvidence } from '../../../run-record/evidence/read-evidence.ts'
import { windowFolder, windowsFile } from '../../../run-record/evidence/windows.ts'
import { replaceJson } from '../../../run-record/files.ts'
import { splitEvidence } from './split-evidence.ts'

const saved = join(
  import.meta.dirname,
  '../../../../fixtures/runs/one-of-each/scenarios/saved/chaos',
)

/**
 * Writes the saved chaos as a scenario that ran in two windows, as the conductor leaves one on disk,
 * without verdicts. `edit` changes a window's evidence before it is written.
 */
export async function writeWindowed(
  directory: string,
  edit: (input: CheckInput, window: number) => CheckInput = (input) => input,
): Promise<void> {
  const evidence = await readEvidence(saved)
  // By then the cluster has recovered from its fault.
  const { before, after } = splitEvidence(evidence.input, 0.7)
  mkdirSync(directory, { recursive: true })
  cpSync(join(saved, 'plan.json'), join(directory, 'plan.json'))
  const windows = { format: 'gauntlet-windows/1', durationMs: 180_000, windowMs: 120_000 }
  replaceJson(windowsFile(directory), windows)
  for (const [index, input] of [before, after].entries()) {
    const path = join(directory, windowFolder(index + 1))
    writeWindow(path, evidence, edit(withFinal(input, evidence), index + 1))
  }
  const observations = { ...(evidence.observations as Observations), measures: { windows: 2 } }
  replaceJson(evidencePaths(directory).observations, observations)
}

/** A hash for the state at the cut, where the saved run read none. */
function withFinal(input: CheckInput, { input: { logs = {} } }: SavedEvidence): CheckInput {
  const members = (input.final?.members ?? []).map((member) => ({
    ...member,
    hash: member.hash ?? 1,
  }))
  return { ...input, final: { members }, logs }
}

function writeWindow(path: string, evidence: SavedEvidence, input: CheckInput): void {
  const { history, watches, leases, final, logs = {} } = input
  const paths = compressedPaths(evidencePaths(path))
  mkdirSync(paths.members, { recursive: true })
  // Half of the saved run is served at half of its rate.
  replaceJson(paths.plan, { ...evidence.plan, plannedRatePerS: 5 })
  writeFileSync(paths.history, gzipSync(encodeHistory(history)))
  if (watches) writeFileSync(paths.watches, gzipSync(encodeWatches(watches)))
  if (leases) {
    const lines = [leases.header, ...leases.entries].map((line) => `${JSON.stringify(line)}\n`)
    writeFileSync(paths.leases, gzipSync(lines.join('')))
  }
  for (const [member, lines] of Object.entries(logs)) {
    writeFileSync(join(paths.members, `${member}.log.gz`), gzipSync(`${lines.join('\n')}\n`))
  }
  if (final) replaceJson(paths.finalState, final)
  replaceJson(paths.observations, evidence.observations)
}

function encodeWatches({ header, entries }: WatchLog): string {
  const refer = createReferrer()
  const lines = entries.map((entry) =>
    entry.type === 'events' ? { ...entry, events: refer(entry.events) } : entry,
  )
  return [{ ...header, format: 'gauntlet-watch/2' }, ...lines]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}
