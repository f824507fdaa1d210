import { existsSync } from 'node:fs'
import { operations, readHistoryPart } from '../../harness/history/codec.ts'
import { compressedName } from '../../harness/history/files/text.ts'
import {
  type FaultEvent,
  type HistoryEvent,
  isFault,
  type Operation,
} from '../../harness/history/operations.ts'

/** The readable part of a history: a killed run has a report too. */
export interface SavedHistory {
  /** As in `History.events`: positions in a verdict's evidence point here. */
  readonly events: readonly HistoryEvent[]
  readonly operations: readonly Operation[]
  readonly faults: readonly FaultEvent[]
  /** Why the history is not whole, or what is odd about it; the report shows it. */
  readonly damage?: string
}

/** Reads up to the first wrong line, of a compressed file too. Never throws for its content. */
export async function readSavedHistory(path: string): Promise<SavedHistory> {
  const file = [path, compressedName(path)].find(existsSync)
  if (file === undefined) {
    return { events: [], operations: [], faults: [], damage: 'No history was saved' }
  }
  const { events, warnings, problem } = await readHistoryPart(file)
  const whole = { events, operations: operations({ events }), faults: events.filter(isFault) }
  const stop = problem && `${problem.message}; shown up to there`
  const remarks = [...warnings, ...(stop ? [stop] : [])].map((text) => withoutPath(text, file))
  return remarks.length === 0 ? whole : { ...whole, damage: remarks.join('; ') }
}

/** The place in words, without a path of the machine that made the report. */
function withoutPath(remark: string, file: string): string {
  const place = remark.replace(file, 'history.jsonl')
  return place.replace(/^history\.jsonl:(\d+): /, 'history.jsonl, line $1: ')
}
