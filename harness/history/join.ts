import type { History, Operation, OperationEvent } from './operations.ts'
import { isFault } from './parser.ts'

interface Open {
  readonly invoke: OperationEvent
  readonly invokeIndex: number
  readonly slot: number
}

/**
 * Joins every invocation with its completion, in the order of the invocations. The history is one
 * that the codec or the recorder accepted: a completion without an invocation throws a RangeError.
 */
export function operations({ events }: Pick<History, 'events'>): Operation[] {
  const joined: Operation[] = []
  const open = new Map<number, Open>()
  events.forEach((event, index) => {
    if (isFault(event)) return
    if (event.type === 'invoke') {
      open.set(event.process, { invoke: event, invokeIndex: index, slot: joined.length })
      joined.push(unanswered(event, index))
      return
    }
    const begun = open.get(event.process)
    if (begun === undefined) {
      throw new RangeError(
        `Expected an invocation of process ${event.process} before event ${index}`,
      )
    }
    open.delete(event.process)
    joined[begun.slot] = {
      process: event.process,
      f: begun.invoke.f,
      outcome: event.type,
      invoke: begun.invoke,
      completion: event,
      invokeIndex: begun.invokeIndex,
      completeIndex: event.type === 'info' ? Number.POSITIVE_INFINITY : index,
    }
  })
  return joined
}

function unanswered(invoke: OperationEvent, invokeIndex: number): Operation {
  return {
    process: invoke.process,
    f: invoke.f,
    outcome: 'info',
    invoke,
    invokeIndex,
    completeIndex: Number.POSITIVE_INFINITY,
  }
}
