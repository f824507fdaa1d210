import type { Compare, KeyValue, RangeRequest, Step, TxnResult } from './kv.ts'
import { safeInteger } from './numbers.ts'

/** What goes over the wire and comes back: bytes, and 64-bit integers as text. */
export interface Headed {
  readonly header: { readonly revision: string } | null
}

export interface RawKeyValue {
  readonly key: Buffer
  readonly value: Buffer
  readonly createRevision: string
  readonly modRevision: string
  readonly version: string
  readonly lease: string
}

export interface RawRange extends Headed {
  readonly kvs: readonly RawKeyValue[]
  readonly more: boolean
  readonly count: string
}

export interface RawTxn extends Headed {
  readonly succeeded: boolean
  readonly responses: readonly {
    readonly responseRange?: RawRange
    readonly responseDeleteRange?: { readonly deleted: string }
  }[]
}

export const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')

export function revisionOf(header: { readonly revision: string } | null): number {
  return safeInteger(header?.revision ?? Number.NaN, 'revision')
}

export function keyValue(raw: RawKeyValue): KeyValue {
  return {
    key: raw.key.toString('utf8'),
    value: raw.value.toString('utf8'),
    createRevision: safeInteger(raw.createRevision, 'createRevision'),
    modRevision: safeInteger(raw.modRevision, 'modRevision'),
    version: safeInteger(raw.version, 'version'),
    lease: raw.lease,
  }
}

export function rawRange({ key, end, atRevision, ...rest }: RangeRequest): object {
  return {
    key: bytes(key),
    ...(end !== undefined && { rangeEnd: bytes(end) }),
    ...(atRevision !== undefined && { revision: atRevision }),
    ...rest,
  }
}

export function rangeResult({ kvs, count, more }: RawRange) {
  return { kvs: kvs.map(keyValue), count: safeInteger(count, 'count'), more }
}

const comparisons = { '=': 'Equal', '!=': 'NotEqual', '<': 'Less', '>': 'Greater' } as const

export function rawCompare({ key, target, is, to }: Compare): object {
  const operand = target === 'value' ? { value: bytes(to) } : { modRevision: to }
  return {
    key: bytes(key),
    target: target === 'value' ? 'Value' : 'Mod',
    result: comparisons[is],
    ...operand,
  }
}

export function rawStep(step: Step): object {
  if ('range' in step) return { requestRange: rawRange(step.range) }
  if ('put' in step) {
    const { key, value, lease } = step.put
    const request = { key: bytes(key), value: bytes(value), ...(lease !== undefined && { lease }) }
    return { requestPut: request }
  }
  const { key, end } = step.delete
  return {
    requestDeleteRange: { key: bytes(key), ...(end !== undefined && { rangeEnd: bytes(end) }) },
  }
}

export function stepResult(response: RawTxn['responses'][number]): TxnResult['results'][number] {
  if (response.responseRange) return rangeResult(response.responseRange)
  if (response.responseDeleteRange) {
    return safeInteger(response.responseDeleteRange.deleted, 'deleted')
  }
  return null
}
