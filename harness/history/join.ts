import type { History, Operation, OperationEvent, Outcome, RequestEvent } from './operations.ts'

/**
 * Joins every invocation with its completion, in the order of the invocations. The history is one
 * that the codec or the recorder accepted: a completion without an invocation throws a RangeError.
 */
export function operations({ events }: Pick<History, 'events'>): readonly Operation[] {
  return joinRequests<OperationEvent>(events)
}

/**
 * The same of any log of requests: processes invoke and complete, entries of other types stand
 * between them. A process has one request open at a time.
 */
export function joinRequests<
  Invocation extends RequestEvent,
  Completion extends RequestEvent = Invocation,
>(
  entries: readonly (Invocation | Completion | Other)[],
): readonly Operation<Invocation, Completion>[] {
  const joiner = createJoiner<Invocation, Completion>()
  entries.forEach(joiner.add)
  return joiner.joined
}

/** An entry that is no request. */
interface Other {
  readonly type: string
}

/** The same, entry by entry: `joined` grows, and its operations are replaced when they complete. */
export interface Joiner<
  Invocation extends RequestEvent,
  Completion extends RequestEvent = Invocation,
> {
  readonly joined: readonly Operation<Invocation, Completion>[]
  /** Throws a RangeError for a completion without an invocation. */
  add(entry: Invocation | Completion | Other, index: number): void
}

export function createJoiner<
  Invocation extends RequestEvent,
  Completion extends RequestEvent = Invocation,
>(): Joiner<Invocation, Completion> {
  const joined: Operation<Invocation, Completion>[] = []
  const open = new Map<number, number>()
  const complete = (completion: Completion, index: number) => {
    const { process, type } = completion
    const slot = open.get(process)
    if (slot === undefined) {
      throw new RangeError(`Expected an invocation of process ${process} before event ${index}`)
    }
    open.delete(process)
    const { f, invoke, invokeIndex } = joined[slot] as Operation<Invocation, Completion>
    joined[slot] = {
      process,
      f,
      outcome: type as Outcome,
      invoke,
      completion,
      invokeIndex,
      completeIndex: type === 'info' ? Number.POSITIVE_INFINITY : index,
    }
  }
  return {
    joined,
    add: (entry, index) => {
      if (!isRequestEvent<Invocation | Completion>(entry)) return
      if (entry.type !== 'invoke') return complete(entry as Completion, index)
      open.set(entry.process, joined.length)
      joined.push(neverCompleted(entry as Invocation, index))
    },
  }
}

function isRequestEvent<Event extends RequestEvent>(
  entry: Event | { readonly type: string },
): entry is Event {
  const { type } = entry
  return type === 'invoke' || type === 'ok' || type === 'fail' || type === 'info'
}

function neverCompleted<Invocation extends RequestEvent>(invoke: Invocation, invokeIndex: number) {
  const { process, f } = invoke
  const outcome: Outcome = 'info'
  return { process, f, outcome, invoke, invokeIndex, completeIndex: Number.POSITIVE_INFINITY }
}
