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
 * the last operation of its process can have one. Indexes of events stay the same.
 */
export function settleOutcomes(
  evidence: CheckInput,
  outcomeOf: (operation: Operation) => Settled | undefined,
): CheckInput {
  const { history } = evidence
  const events: HistoryEvent[] = [...history.events]
  const lastOf = new Map<number, number>()
  history.events.forEach((event, index) => {
    if (isOperation(event)) lastOf.set(event.process, index)
  })
  for (const operation of operations(history)) {
    const { invoke, completion, process, f } = operation
    const index = lastOf.get(process) ?? -1
    if (operation.outcome !== 'info' || history.events[index] !== (completion ?? invoke)) continue
    const settled = outcomeOf(operation)
    if (settled === undefined) continue
    const { timeNs } = completion ?? invoke
    if (completion) events[index] = removedEvent(completion)
    const key = invoke.key && { key: invoke.key }
    events.push({ ...settled, process, f, timeNs, ...key, settled: true })
  }
  return { ...evidence, history: { header: history.header, events } }
}
