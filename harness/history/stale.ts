import type { OperationEvent } from './operations.ts'

/**
 * Whether etcd answers a request from the member that was asked, without a quorum, so that the
 * answer may be stale: a read that allows it, and a transaction without a step in either branch
 * (etcd's `isTxnSerializable` looks for a step that needs a quorum, and finds none).
 */
export function mayBeStale(invoke: Pick<OperationEvent, 'f' | 'value' | 'serializable'>): boolean {
  if (invoke.f === 'txn') return !hasSteps(invoke.value)
  return invoke.serializable === true && (invoke.f === 'get' || invoke.f === 'range')
}

function hasSteps(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { then, else: otherwise } = value as { then?: unknown; else?: unknown }
  return [then, otherwise].some((steps) => Array.isArray(steps) && steps.length > 0)
}
