import { messageOf } from '../../harness/core/errors.ts'
import { operations } from '../../harness/history/join.ts'
import type { FaultEvent, HistoryEvent, Operation } from '../../harness/history/operations.ts'
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
  const open = new Set<number>()
  let damage: string | undefined
  let number = 0
  try {
    for await (const line of linesOf(file)) {
      number++
      if (line.trim() === '') continue
      const event = JSON.parse(line) as HistoryEvent
      if (number > 1) events.push(expectEvent(event, open))
    }
    if (number === 0) damage = 'history.jsonl is empty'
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    damage = missing
      ? 'No history was saved'
      : `history.jsonl is damaged at line ${number} (${messageOf(thrown)}); shown up to there`
  }
  const faults = events.filter((event) => event.type === 'fault')
  const whole = { events, operations: operations({ events }), faults }
  return damage === undefined ? whole : { ...whole, damage }
}

/** As much of an event as a report relies on; `open` has the processes with an open invocation. */
function expectEvent(event: HistoryEvent, open: Set<number>): HistoryEvent {
  if (!Number.isFinite(event.timeNs)) throw new TypeError('an event without timeNs')
  if (event.type === 'fault' ? !Array.isArray(event.targets) : typeof event.f !== 'string') {
    throw new TypeError(`an event of type ${JSON.stringify(event.type)} without its fields`)
  }
  if (event.type === 'invoke') open.add(event.process)
  else if (event.type !== 'fault' && !open.delete(event.process)) {
    throw new TypeError(`a completion of process ${event.process} without an invocation`)
  }
  return event
}
