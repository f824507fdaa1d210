import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Effect } from '../../harness/core/effect.ts'
import type { HistoryEvent, OperationEvent } from '../../harness/history/operations.ts'
import type { ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { sampleRun } from '../../harness/run-record/testing/sample-run.ts'
import { readSavedHistory, type SavedHistory } from '../read/history.ts'

/** A record without marks and measures: what a view shows comes from the history alone. */
export function bareScenario(): ScenarioRecord {
  const [scenario] = sampleRun([{ marks: [], measures: {} }]).scenarios
  if (scenario === undefined)
    throw new RangeError('Expected a scenario in the sample run, got none')
  return scenario
}

export const nsOf = (seconds: number): number => Math.round(seconds * 1e9)

/** A put of one process: its invocation and its completion. */
export function putEvents(
  process: number,
  fromS: number,
  toS: number,
  type: 'ok' | 'fail' | 'info' = 'ok',
): OperationEvent[] {
  const common = { process, f: 'put', key: 'k', member: 'm1' }
  return [
    { type: 'invoke', ...common, timeNs: nsOf(fromS) },
    { type, ...common, timeNs: nsOf(toS) },
  ]
}

/** Its name tells only the fault; readers go by the effect. */
export function faultEvent(effect: Effect, phase: 'begin' | 'end', atS: number): HistoryEvent {
  return {
    type: 'fault',
    name: `fault-${effect}`,
    effect,
    phase,
    targets: ['m1'],
    timeNs: nsOf(atS),
  }
}

/** Writes the events as a history, in the order of their times, and reads it as a report does. */
export async function saveAndRead(
  events: readonly HistoryEvent[],
  tail = '',
): Promise<SavedHistory> {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-history-'))
  try {
    const file = join(folder, 'history.jsonl')
    const ordered = [...events].sort((one, other) => one.timeNs - other.timeNs)
    const lines = [{ format: 'gauntlet-history/1', model: 'etcd' }, ...ordered]
    writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n${tail}`)
    return await readSavedHistory(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
