import {
  bytes,
  type Headed,
  type RawRange,
  type RawTxn,
  rangeResult,
  rawCompare,
  rawRange,
  rawStep,
  revisionOf,
  stepResult,
} from './kv-wire.ts'
import type { CallOptions, MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

export interface KeyValue {
  readonly key: string
  readonly value: string
  readonly createRevision: number
  readonly modRevision: number
  readonly version: number
  /** Decimal; `0` = none. */
  readonly lease: string
}

export interface RangeRequest {
  readonly key: string
  /** Exclusive; `\0` = no upper bound; absent = the key alone. */
  readonly end?: string
  readonly limit?: number
  readonly atRevision?: number
  readonly serializable?: boolean
  readonly keysOnly?: boolean
  readonly countOnly?: boolean
}

export interface RangeResult {
  /** In the order of the keys. */
  readonly kvs: readonly KeyValue[]
  readonly count: number
  readonly more: boolean
  /** The store's when it was read. */
  readonly revision: number
}

export async function range(
  client: MemberClient,
  request: RangeRequest,
  options?: CallOptions,
): Promise<RangeResult> {
  const response = await client.call<RawRange>('KV', 'Range', rawRange(request), options)
  return { ...rangeResult(response), revision: revisionOf(response.header) }
}

export interface PutRequest {
  readonly key: string
  readonly value: string
  /** Decimal id of a lease. */
  readonly lease?: string
}

/** Resolves to the revision that the put created. */
export async function put(
  client: MemberClient,
  { key, value, lease }: PutRequest,
  options?: CallOptions,
): Promise<{ revision: number }> {
  const request = { key: bytes(key), value: bytes(value), ...(lease !== undefined && { lease }) }
  const { header } = await client.call<Headed>('KV', 'Put', request, options)
  return { revision: revisionOf(header) }
}

/** Deletes a key, or with `end` all keys up to it. */
export async function deleteKeys(
  client: MemberClient,
  { key, end }: { readonly key: string; readonly end?: string },
  options?: CallOptions,
): Promise<{ deleted: number; revision: number }> {
  const request = { key: bytes(key), ...(end !== undefined && { rangeEnd: bytes(end) }) }
  const response = await client.call<Headed & { deleted: string }>(
    'KV',
    'DeleteRange',
    request,
    options,
  )
  return {
    deleted: safeInteger(response.deleted, 'deleted'),
    revision: revisionOf(response.header),
  }
}

/** `mod` compares the mod revision (0 = missing); a `value` compare of a missing key never holds. */
export type Compare =
  | { readonly key: string; readonly target: 'value'; readonly is: Comparison; readonly to: string }
  | { readonly key: string; readonly target: 'mod'; readonly is: Comparison; readonly to: number }

export type Comparison = '=' | '!=' | '<' | '>'

export type Step =
  | { readonly put: PutRequest }
  | { readonly range: RangeRequest }
  | { readonly delete: { readonly key: string; readonly end?: string } }

export interface TxnResult {
  /** Whether all compares held, so `success` ran. */
  readonly succeeded: boolean
  readonly revision: number
  /** One for each step that ran: the keys read, the number deleted, or nothing for a put. */
  readonly results: readonly (Omit<RangeResult, 'revision'> | number | null)[]
}

export interface TxnRequest {
  readonly compare: readonly Compare[]
  readonly success: readonly Step[]
  readonly failure?: readonly Step[]
}

export async function txn(
  client: MemberClient,
  request: TxnRequest,
  options?: CallOptions,
): Promise<TxnResult> {
  const response = await client.call<RawTxn>(
    'KV',
    'Txn',
    {
      compare: request.compare.map(rawCompare),
      success: request.success.map(rawStep),
      failure: (request.failure ?? []).map(rawStep),
    },
    options,
  )
  return {
    succeeded: response.succeeded,
    revision: revisionOf(response.header),
    results: response.responses.map(stepResult),
  }
}

/** Forgets all that was before the revision; resolves once it is decided, not done. */
export async function compact(
  client: MemberClient,
  revision: number,
  options?: CallOptions & { readonly physical?: boolean },
): Promise<void> {
  const request = { revision, physical: options?.physical ?? false }
  await client.call('KV', 'Compact', request, options)
}

/** The exclusive end of all keys with that prefix; an empty prefix means all keys. */
export function prefixEnd(prefix: string): string {
  const text = bytes(prefix)
  for (let last = text.length - 1; last >= 0; last--) {
    const byte = text[last] ?? 0
    if (byte < 0x7f) return `${text.subarray(0, last).toString()}${String.fromCharCode(byte + 1)}`
  }
  return '\0'
}
