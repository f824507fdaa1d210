import { operations } from '../../history/join.ts'
import {
  type HistoryEvent,
  isOperation,
  type Operation,
  type OperationEvent,
  removedEvent,
} from '../../history/operations.ts'
import type { CheckInput } from '../checker.ts'

/** The outcome of a request that its client did not receive. */
export type Settled = Pick<OperationEvent, 'type' | 'revision' | 'applied' | 'value' | 'deleted'>

/**
 * The same evidence, with the outcomes that `outcomeOf` gives to operations of unknown outcome: each
 * is a completion at the end, with `settled`, since the operation may have happened at any time. Only
 * the last operation of its process can have one. Indexes of events stay the same. What happened only
 * after the members were read at the end, such as the end of a lease, stays unknown: they do not hold it.
 */
export function settleOutcomes(
  evidence: CheckInput,
  outcomeOf: (operation: Operation) => Settled | undefined,
): CheckInput {
  const { history, final } = evidence
  // No store is at revision 0: where none was read, everything counts.
  const lastRead =
    Math.max(0, ...(final?.members ?? []).map(({ revision }) => revision)) || Infinity
  const events: HistoryEvent[] = [...history.events]
  const lastEventOf = lastEvents(history.events)
  for (const operation of operations(history)) {
    const { invoke, completion, process, f } = operation
    const index = lastEventOf(operation)
    if (operation.outcome !== 'info' || index === undefined) continue
    const settled = outcomeOf(operation)
    if (settled === undefined || (settled.revision ?? 0) > lastRead) continue
    const { timeNs } = completion ?? invoke
    if (completion) events[index] = removedEvent(completion)
    const key = invoke.key && { key: invoke.key }
    events.push({ ...settled, process, f, timeNs, ...key, settled: true })
  }
  return { ...evidence, history: { header: history.header, events } }
}

/**
 * The index of an operation's last event; undefined when its process went on after it, so that no
 * completion at the end can be its own.
 */
export function lastEvents(events: readonly HistoryEvent[]): (of: Operation) => number | undefined {
  const lastOf = new Map<number, number>()
  events.forEach((event, index) => {
    if (isOperation(event)) lastOf.set(event.process, index)
  })
  return ({ process, completion, invoke }) => {
    const index = lastOf.get(process) ?? -1
    return events[index] === (completion ?? invoke) ? index : undefined
  }
}
