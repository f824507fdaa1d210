import type {
  Compare,
  KeyValue,
  PutRequest,
  RangeRequest,
  Step,
  TxnRequest,
  TxnResult,
} from './kv-types.ts'
import { safeInteger } from './numbers.ts'

/** Messages as the wire has them: bytes, and 64-bit integers as text. */
export interface Headed {
  readonly header: {
    readonly revision: string
    readonly clusterId: string
    readonly memberId: string
    readonly raftTerm: string
  } | null
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

export interface RawTxn {
  readonly succeeded: boolean
  readonly responses: readonly {
    readonly responseRange?: RawRange
    readonly responsePut?: { readonly prevKv: RawKeyValue | null }
    readonly responseDeleteRange?: {
      readonly deleted: string
      readonly prevKvs: readonly RawKeyValue[]
    }
    readonly responseTxn?: RawTxn
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

export function rawRange({ key, end, atRevision, sort, ...rest }: RangeRequest): object {
  return {
    key: bytes(key),
    ...(end !== undefined && { rangeEnd: bytes(end) }),
    ...(atRevision !== undefined && { revision: atRevision }),
    ...(sort !== undefined && { sortOrder: capital(sort.order), sortTarget: capital(sort.by) }),
    ...rest,
  }
}

/** The enumerations' names in the definitions: `Ascend`, `Mod`. */
const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

export function rangeResult({ kvs, count, more }: RawRange) {
  return { kvs: kvs.map(keyValue), count: safeInteger(count, 'count'), more }
}

export function rawPut({ key, value, ...rest }: PutRequest): object {
  return { key: bytes(key), value: bytes(value), ...rest }
}

const comparisons = { '=': 'Equal', '!=': 'NotEqual', '<': 'Less', '>': 'Greater' } as const

const operands = {
  value: 'value',
  version: 'version',
  create: 'createRevision',
  mod: 'modRevision',
  lease: 'lease',
} as const

function rawCompare({ key, end, target, is, to }: Compare): object {
  return {
    key: bytes(key),
    ...(end !== undefined && { rangeEnd: bytes(end) }),
    target: capital(target),
    result: comparisons[is],
    [operands[target]]: target === 'value' ? bytes(to) : to,
  }
}

export function rawTxn({ compare, success, failure = [] }: TxnRequest): object {
  return {
    compare: compare.map(rawCompare),
    success: success.map(rawStep),
    failure: failure.map(rawStep),
  }
}

function rawStep(step: Step): object {
  if ('range' in step) return { requestRange: rawRange(step.range) }
  if ('put' in step) return { requestPut: rawPut(step.put) }
  if ('txn' in step) return { requestTxn: rawTxn(step.txn) }
  const { key, end, ...rest } = step.delete
  return {
    requestDeleteRange: {
      key: bytes(key),
      ...(end !== undefined && { rangeEnd: bytes(end) }),
      ...rest,
    },
  }
}

export function txnResult({ succeeded, responses }: RawTxn): Omit<TxnResult, 'revision'> {
  return {
    succeeded,
    results: responses.map(stepResult),
    prevKvs: responses.map(({ responsePut: put, responseDeleteRange: gone }) =>
      (put?.prevKv ? [put.prevKv] : (gone?.prevKvs ?? [])).map(keyValue),
    ),
    nested: responses.flatMap(({ responseTxn }) => (responseTxn ? [txnResult(responseTxn)] : [])),
  }
}

function stepResult(response: RawTxn['responses'][number]): TxnResult['results'][number] {
  if (response.responseRange) return rangeResult(response.responseRange)
  if (response.responseDeleteRange) {
    return safeInteger(response.responseDeleteRange.deleted, 'deleted')
  }
  return null
}
