import type { Shape } from '../core/schema/validator.ts'
import { type HistoryEvent, isOperation, type OperationEvent } from './operations.ts'
import type { Invocation } from './recorder.ts'
import type { transactionSchema } from './schema/model.ts'

export type OperationKind = 'put' | 'get' | 'serializable-get' | 'delete' | 'cas'

/** One request about one key. */
export interface SingleRequest {
  readonly kind: OperationKind
  readonly key: string
  /** put: the value; cas: `[old, new]`, old null = missing. */
  readonly value?: string | readonly [string | null, string]
  /** put: decimal id of the lease that the key goes with. */
  readonly lease?: string
  /** put, delete: the answer tells what the key was before. */
  readonly prevKv?: boolean
}

/** One request of the open loop: what, on which key, through which member. */
export interface PlannedOperation extends SingleRequest {
  /** Index into the cluster's members. */
  readonly memberIndex: number
}

/** `range` of docs/HISTORY.md. */
export interface RangeRequest {
  readonly kind: 'range'
  readonly key: string
  readonly end?: string
  readonly limit?: number
  readonly atRevision?: number
  readonly serializable?: boolean
}

/** `txn` of docs/HISTORY.md. */
interface TxnRequest {
  readonly kind: 'txn'
  readonly value: Transaction
}

export interface Transaction extends Shape<typeof transactionSchema> {}

/** `[key, "value", "mod", "version" or "create", comparison, operand]`. */
export type TxnCompare = Transaction['compare'][number]

/** `["put", key, value]`, `["get", key]` or `["delete", key]`. */
export type TxnStep = Transaction['then'][number]

/** Anything that a history of the `etcd` model can note. */
export type Request = SingleRequest | RangeRequest | TxnRequest

/** What a client sends a request to: a member, or a door behind which any member may receive it. */
export type Addressee = { readonly member: string } | { readonly door: string }

/** Where a client stays, as it is called in charts. */
export const nameOfAddressee = ({ member, door }: { member?: string; door?: string }): string =>
  member ?? door ?? ''

/** How a history of the `etcd` model notes that this request was sent. */
export function invocationOf(request: Request, to: Addressee): Invocation {
  if (request.kind === 'range' || request.kind === 'txn') {
    const { kind, ...fields } = request
    return { f: kind, ...fields, ...to }
  }
  const { kind, key, value, lease, prevKv } = request
  if (kind === 'serializable-get') return { f: 'get', key, serializable: true, ...to }
  return {
    f: kind,
    key,
    ...(value !== undefined && { value }),
    ...(lease !== undefined && { lease }),
    ...(prevKv === true && { prevKv }),
    ...to,
  }
}

/**
 * A request that a client sent in this history: neither a fault, nor the deletion that etcd makes when
 * a lease ends, nor what an earlier history left unknown.
 */
export function isRequest(event: HistoryEvent): event is OperationEvent {
  return isOperation(event) && event.expiryOf === undefined && event.carried !== true
}
