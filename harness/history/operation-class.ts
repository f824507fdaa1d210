import type { OperationEvent } from './operations.ts'
import type { Transaction } from './request.ts'
import { mayBeStale } from './stale.ts'

/** What a request asks of the cluster. Only a serializable read needs no leader. */
export type OperationClass = 'write' | 'linearizable-read' | 'serializable-read'

const readNames: ReadonlySet<string> = new Set(['get', 'read', 'range'])

/**
 * The class of an invocation, in any model of docs/HISTORY.md. A transaction of gets alone is a read:
 * etcd proposes nothing for it, and serves it when it rejects writes.
 */
export function classOf(
  invocation: Pick<OperationEvent, 'f' | 'value' | 'serializable'>,
): OperationClass {
  if (mayBeStale(invocation)) return 'serializable-read'
  return isRead(invocation) ? 'linearizable-read' : 'write'
}

function isRead({ f, value }: Pick<OperationEvent, 'f' | 'value'>): boolean {
  if (f !== 'txn') return readNames.has(f)
  const { then, else: otherwise } = value as Transaction
  return [...then, ...otherwise].every(([what]) => what === 'get')
}
