import type { OperationEvent } from './operations.ts'
import { mayBeStale } from './stale.ts'

/** What a request asks of the cluster. Only a serializable read needs no leader. */
export type OperationClass = 'write' | 'linearizable-read' | 'serializable-read'

const readNames: ReadonlySet<string> = new Set(['get', 'read', 'range'])

/** The class of an invocation, in any model of docs/HISTORY.md; a transaction with a step is a write. */
export function classOf(
  invocation: Pick<OperationEvent, 'f' | 'value' | 'serializable'>,
): OperationClass {
  if (mayBeStale(invocation)) return 'serializable-read'
  return readNames.has(invocation.f) ? 'linearizable-read' : 'write'
}
