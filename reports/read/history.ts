import { messageOf } from '../../harness/core/errors.ts'
import type {
  FaultEvent,
  HistoryEvent,
  Operation,
  OperationEvent,
} from '../../harness/history/operations.ts'
import { linesOf } from './lines.ts'

/** What could be read of a history; a report is also wanted of a run that was killed. */
export interface SavedHistory {
  /** As in `History.events`: positions in a verdict's evidence point here. */
  readonly events: readonly HistoryEvent[]
  readonly operations: readonly Operation[]
  readonly faults: readonly FaultEvent[]
  /** Why there is less than a whole history; shown in the report. */
  readonly damage?: string
}

/** Reads up to the first line that is no event; never throws for what is in the file. */
export async function readSavedHistory(file: string): Promise<SavedHistory> {
  const events: HistoryEvent[] = []
  let damage: string | undefined
  let number = 0
  try {
    for await (const line of linesOf(file)) {
      number++
      if (line.trim() === '') continue
      const event = JSON.parse(line) as HistoryEvent
      if (number > 1) events.push(eventOf(event))
    }
    if (number === 0) damage = 'history.jsonl is empty'
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    damage = missing
      ? 'No history was saved'
      : `history.jsonl is damaged at line ${number} (${messageOf(thrown)}); shown up to there`
  }
  const faults = events.filter((event) => event.type === 'fault')
  const whole = { events, operations: joinOperations(events), faults }
  return damage === undefined ? whole : { ...whole, damage }
}

function eventOf(event: HistoryEvent): HistoryEvent {
  if (!Number.isFinite(event.timeNs)) throw new TypeError('an event without timeNs')
  if (event.type === 'fault' ? !Array.isArray(event.targets) : typeof event.f !== 'string') {
    throw new TypeError(`an event of type ${JSON.stringify(event.type)} without its fields`)
  }
  return event
}

function joinOperations(events: readonly HistoryEvent[]): Operation[] {
  const operations: Operation[] = []
  const open = new Map<number, number>()
  for (const [index, event] of events.entries()) {
    if (event.type === 'fault') continue
    if (event.type === 'invoke') {
      open.set(event.process, operations.length)
      operations.push(neverCompleted(event, index))
      continue
    }
    const position = open.get(event.process)
    const started = position === undefined ? undefined : operations[position]
    if (position === undefined || started === undefined) continue
    open.delete(event.process)
    operations[position] = {
      ...started,
      outcome: event.type,
      completion: event,
      completeIndex: index,
    }
  }
  return operations
}

function neverCompleted(invoke: OperationEvent, invokeIndex: number): Operation {
  const { process, f } = invoke
  return { process, f, outcome: 'info', invoke, invokeIndex, completeIndex: Infinity }
}
