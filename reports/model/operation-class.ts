import type { Operation } from '../../harness/history/operations.ts'
import { mayBeStale } from '../../harness/history/stale.ts'

/** What an operation asks of the cluster; a stale answer is allowed to a serializable read. */
export type OperationClass = 'writes' | 'reads' | 'serializable reads'

export const operationClasses: readonly OperationClass[] = ['writes', 'reads', 'serializable reads']

const readNames = new Set(['get', 'read', 'range'])

export function classOf({ f, invoke }: Operation): OperationClass {
  if (mayBeStale(invoke)) return 'serializable reads'
  return readNames.has(f) ? 'reads' : 'writes'
}

/** What came of it: 0 ok, 1 fail, 2 info. */
export function outcomeCode({ outcome }: Operation): number {
  return outcome === 'ok' ? 0 : outcome === 'fail' ? 1 : 2
}
