import type {
  KeyValue,
  PutRequest,
  RangeRequest,
  RangeResult,
  TxnRequest,
  TxnResult,
} from './kv-types.ts'
import {
  bytes,
  type Headed,
  keyValue,
  type RawKeyValue,
  type RawRange,
  type RawTxn,
  rangeResult,
  rawPut,
  rawRange,
  rawTxn,
  revisionOf,
  txnResult,
} from './kv-wire.ts'
import type { CallOptions, MemberClient } from './member-client.ts'
import { safeInteger } from './numbers.ts'

export type * from './kv-types.ts'

/** Reads a key or a range, by default linearizably. */
export async function range(
  client: MemberClient,
  request: RangeRequest,
  options?: CallOptions,
): Promise<RangeResult> {
  const response = await client.call<RawRange>('KV', 'Range', rawRange(request), options)
  return { ...rangeResult(response), revision: revisionOf(response.header) }
}

/** The same read in pieces, put together; 3.7 and newer, which reject other orders and filters. */
export async function rangeStream(
  client: MemberClient,
  request: Omit<RangeRequest, 'sort'>,
): Promise<RangeResult> {
  const stream = client.download<{ readonly rangeResponse: RawRange | null }>(
    'KV',
    'RangeStream',
    rawRange(request),
  )
  const pieces: RawRange[] = []
  try {
    for await (const { rangeResponse } of stream) if (rangeResponse) pieces.push(rangeResponse)
  } catch (thrown) {
    throw client.errorOf(thrown, 'RangeStream')
  } finally {
    stream.cancel()
  }
  const last = pieces.at(-1)
  if (last === undefined) throw new RangeError('Expected an answer in pieces, got none')
  const whole = { ...last, kvs: pieces.flatMap(({ kvs }) => kvs) }
  return { ...rangeResult(whole), revision: revisionOf(last.header) }
}

/** Resolves to the put's revision. */
export async function put(
  client: MemberClient,
  request: PutRequest,
  options?: CallOptions,
): Promise<{ revision: number; prevKv?: KeyValue }> {
  const { header, prevKv } = await client.call<Headed & { prevKv: RawKeyValue | null }>(
    'KV',
    'Put',
    rawPut(request),
    options,
  )
  return { revision: revisionOf(header), ...(prevKv != null && { prevKv: keyValue(prevKv) }) }
}

/** Deletes a key, or with `end` all keys up to it. */
export async function deleteKeys(
  client: MemberClient,
  { key, end, prevKv }: { readonly key: string; readonly end?: string; readonly prevKv?: boolean },
  options?: CallOptions,
): Promise<{ deleted: number; revision: number; prevKvs?: readonly KeyValue[] }> {
  const request = {
    key: bytes(key),
    ...(end !== undefined && { rangeEnd: bytes(end) }),
    ...(prevKv !== undefined && { prevKv }),
  }
  const response = await client.call<Headed & { deleted: string; prevKvs: readonly RawKeyValue[] }>(
    'KV',
    'DeleteRange',
    request,
    options,
  )
  return {
    deleted: safeInteger(response.deleted, 'deleted'),
    revision: revisionOf(response.header),
    ...(prevKv === true && { prevKvs: response.prevKvs.map(keyValue) }),
  }
}

/** Compares and acts atomically; resolves to the branch that ran and to each step's result. */
export async function txn(
  client: MemberClient,
  request: TxnRequest,
  options?: CallOptions,
): Promise<TxnResult> {
  const response = await client.call<RawTxn & Headed>('KV', 'Txn', rawTxn(request), options)
  return { ...txnResult(response), revision: revisionOf(response.header) }
}

/** Compacts up to the revision; resolves once the cluster has decided, before it is done. */
export async function compact(
  client: MemberClient,
  revision: number,
  options?: CallOptions & { readonly physical?: boolean },
): Promise<void> {
  const request = { revision, physical: options?.physical ?? false }
  await client.call('KV', 'Compact', request, options)
}

/** The exclusive end of the range of a prefix; an empty prefix is the range of all keys. */
export function prefixEnd(prefix: string): string {
  const text = bytes(prefix)
  for (let last = text.length - 1; last >= 0; last--) {
    const byte = text[last] ?? 0
    if (byte < 0x7f) return `${text.subarray(0, last).toString()}${String.fromCharCode(byte + 1)}`
  }
  return '\0'
}
