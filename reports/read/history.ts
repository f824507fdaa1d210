import { InputError, messageOf } from '../../harness/core/errors.ts'
import { createJoiner } from '../../harness/history/join.ts'
import {
  type FaultEvent,
  type HistoryEvent,
  isFault,
  type Operation,
  type OperationEvent,
} from '../../harness/history/operations.ts'
import { findGeneralProblem } from '../../harness/history/validate-event.ts'
import { linesOf } from './lines.ts'

/** The readable part of a history: a killed run has a report too. */
export interface SavedHistory {
  /** As in `History.events`: positions in a verdict's evidence point here. */
  readonly events: readonly HistoryEvent[]
  readonly operations: readonly Operation[]
  readonly faults: readonly FaultEvent[]
  /** Why the history is not whole; the report shows it. */
  readonly damage?: string
}

/** Reads up to the first line that is not an event. Never throws for the file's content. */
export async function readSavedHistory(file: string): Promise<SavedHistory> {
  const events: HistoryEvent[] = []
  const joiner = createJoiner<OperationEvent>()
  let damage: string | undefined
  let number = 0
  try {
    for await (const line of linesOf(file)) {
      number++
      if (line.trim() === '') continue
      const event: unknown = JSON.parse(line)
      if (number === 1) continue
      const problem = findGeneralProblem(event)
      if (problem !== undefined) throw new InputError(problem)
      joiner.add(event as HistoryEvent, events.length)
      events.push(event as HistoryEvent)
    }
    if (number === 0) damage = 'history.jsonl is empty'
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    damage = missing
      ? 'No history was saved'
      : `history.jsonl is damaged at line ${number} (${messageOf(thrown)}); shown up to there`
  }
  const whole = { events, operations: joiner.joined, faults: events.filter(isFault) }
  return damage === undefined ? whole : { ...whole, damage }
}
