import type { Operation } from '../../harness/history/operations.ts'

/** What an operation asks of the cluster; a stale answer is allowed to a serializable read. */
export type OperationClass = 'writes' | 'reads' | 'serializable reads'

export const operationClasses: readonly OperationClass[] = ['writes', 'reads', 'serializable reads']

const readNames = new Set(['get', 'read', 'range'])

export function classOf({ f, invoke }: Operation): OperationClass {
  if (!readNames.has(f)) return 'writes'
  return invoke.serializable === true ? 'serializable reads' : 'reads'
}

/** What came of it: 0 ok, 1 fail, 2 info. */
export function outcomeCode({ outcome }: Operation): number {
  return outcome === 'ok' ? 0 : outcome === 'fail' ? 1 : 2
}
