import type { Invocation } from './recorder.ts'

export type OperationKind = 'put' | 'get' | 'serializable-get' | 'delete' | 'cas'

/** One request to be sent: what, on which key, through which member. */
export interface PlannedOperation {
  readonly kind: OperationKind
  readonly key: string
  /** put: the value; cas: `[old, new]`, old null = missing. */
  readonly value?: string | readonly [string | null, string]
  /** Index into the cluster's members. */
  readonly memberIndex: number
}

/** How a history of the `etcd` model notes that this request was sent. */
export function invocationOf(operation: PlannedOperation, member: string): Invocation {
  const { kind, key, value } = operation
  if (kind === 'serializable-get') return { f: 'get', key, serializable: true, member }
  return { f: kind, key, ...(value !== undefined && { value }), member }
}
