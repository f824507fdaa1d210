import { operations } from '../../history/join.ts'
import type { History, HistoryEvent, OperationEvent } from '../../history/operations.ts'

/**
 * The history without the operations whose invocation is left out. Their events become faults without
 * a name, so that event indexes stay those of the whole history.
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
  const events = history.events.map((event): HistoryEvent => {
    if (!left.has(event)) return event
    return { type: 'fault', name: '', phase: 'begin', targets: [], timeNs: event.timeNs }
  })
  return { header: history.header, events }
}
