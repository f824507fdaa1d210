import { operations } from '../../history/join.ts'
import {
  type History,
  type HistoryEvent,
  type OperationEvent,
  removedEvent,
} from '../../history/operations.ts'

/**
 * The history without the operations whose invocation is left out. Their events become
 * removed ones, so that event indexes stay those of the whole history.
 */
export function withoutOperations(
  history: History,
  isLeftOut: (invoke: OperationEvent) => boolean,
): History {
  const left = new Set<HistoryEvent | undefined>(
    operations(history).flatMap(({ invoke, completion }) =>
      isLeftOut(invoke) ? [invoke, completion] : [],
    ),
  )
  const events = history.events.map((event) => (left.has(event) ? removedEvent(event) : event))
  return { header: history.header, events }
}
