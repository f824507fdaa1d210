import { InputError } from '../../../core/errors.ts'
import type { BranchStep, EtcdOp, Precondition, Txn } from '../operation.ts'
import type { LeaseTable } from './leases.ts'
import { cellAnswerOf, findTornCell, type KeyTable, keyId, leaseOf, textOf } from './parts.ts'

type RawStep = readonly [string, string, unknown?]
type RawCompare = readonly [string, Precondition['target'], string, string | number]

interface RawTxn {
  readonly compare?: readonly RawCompare[]
  readonly then?: readonly RawStep[]
  readonly else?: readonly RawStep[]
}

/** A txn's request and answer. Throws an InputError for a request that is not one. */
export function compileTxn(blank: EtcdOp, table: KeyTable): EtcdOp {
  const { invoke, completion } = blank.source
  const raw = rawOf(invoke.value)
  const txn: Txn = {
    compare: (raw.compare ?? []).map((compare) => compileCompare(compare, table)),
    onHold: (raw.then ?? []).map((step) => compileStep(step, table)),
    onFail: (raw.else ?? []).map((step) => compileStep(step, table)),
    answers: blank.isKnown ? answersOf(completion?.value) : undefined,
  }
  const applied = blank.isKnown ? completion?.applied : undefined
  const impossible = blank.isKnown
    ? (findDoubleWrite(raw) ??
      findTornAnswer(completion?.value) ??
      findOtherKey(completion?.otherKeys))
    : undefined
  return { ...blank, f: 'txn', txn, applied, impossible }
}

/** etcd rejects a transaction that puts a key twice, or puts and deletes it, in one branch. */
function findDoubleWrite({ then = [], else: otherwise = [] }: RawTxn): string | undefined {
  for (const steps of [then, otherwise]) {
    const writes = steps.filter(([f]) => f !== 'get')
    const twice = writes.find(([f, key]) =>
      f === 'put' ? writes.filter(([, other]) => other === key).length > 1 : false,
    )
    if (twice !== undefined) {
      return `it was acknowledged although one branch writes ${twice[1]} twice, which etcd rejects`
    }
  }
  return undefined
}

function findOtherKey(others: unknown): string | undefined {
  if (!Array.isArray(others) || others.length === 0) return undefined
  return `it showed the key ${others[0]}, which it does not read`
}

/**
 * The revoke of a lease deletes every key that goes with it, in one revision. Of a key that no put of
 * the history binds to the lease it deletes nothing. `deletedKeys` of the answer says which it deleted.
 */
export function compileRevoke(
  blank: EtcdOp,
  { names }: Pick<KeyTable, 'names'>,
  leases: LeaseTable,
): EtcdOp {
  const lease = leaseOf(blank.source.invoke.lease)
  const { keys = [], endKey = -1 } = leases.byId.get(lease) ?? {}
  const bound = [...keys]
  if (bound.length === 0) return { ...blank, f: 'range' }
  const expiries = bound.map((key): BranchStep => ({ f: 'expire', key, value: null, lease }))
  const end: BranchStep = { f: 'end', key: endKey, value: null, lease }
  const onHold = endKey < 0 ? expiries : [...expiries, end]
  const deleted = blank.source.completion?.deletedKeys
  const answers = Array.isArray(deleted)
    ? onHold.map(({ f, key }) => Number(f === 'expire' && deleted.includes(names[key])))
    : undefined
  return {
    ...blank,
    f: 'txn',
    txn: { compare: [], onHold, onFail: [], answers },
    applied: true,
  }
}

/**
 * A put or delete whose answer shows what the key held before is a transaction that reads it first:
 * one state has to explain both.
 */
export function withPrevious(op: EtcdOp): EtcdOp {
  const prev = op.source.completion?.prev as { value?: unknown; modRevision?: unknown } | null
  if (!op.isKnown || prev === undefined) return op
  const shown = [prev?.value ?? null, prev?.modRevision ?? 0] as const
  const before = cellAnswerOf(shown)
  const { key, f } = op
  const found = op.deleted >= 0 ? op.deleted : before.value === null ? 0 : 1
  const txn: Txn = {
    compare: [],
    onHold: [
      { f: 'get', key, value: null, lease: '' },
      { f: f === 'put' ? 'put' : 'delete', key, value: op.value, lease: op.lease },
    ],
    onFail: [],
    answers: [before, f === 'put' ? null : found],
  }
  const impossible = op.impossible ?? findTornCell(...shown)
  return { ...op, f: 'txn', key: -1, deleted: -1, txn, applied: true, impossible }
}

export function keysOfTxn(value: unknown): string[] {
  const raw = rawOf(value)
  return [
    ...(raw.compare ?? []).map(([key]) => key),
    ...[...(raw.then ?? []), ...(raw.else ?? [])].map(([, key]) => key),
  ]
}

function rawOf(value: unknown): RawTxn {
  const isRaw =
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((part) => Array.isArray(part) && part.every(Array.isArray))
  if (!isRaw) {
    const got = String(JSON.stringify(value)).slice(0, 80)
    throw new InputError(`Expected a txn's \`value\` to be {compare, then, else}, got ${got}`)
  }
  return value
}

function compileCompare([key, target, result, operand]: RawCompare, table: KeyTable): Precondition {
  return { key: keyId(table, key), target, result, operand }
}

function compileStep([f, key, value]: RawStep, table: KeyTable): BranchStep {
  if (f !== 'put' && f !== 'get' && f !== 'delete') {
    throw new InputError(`Expected a txn's step to be put, get or delete, got \`${f}\``)
  }
  return { f, key: keyId(table, key), value: textOf(value), lease: '' }
}

function answersOf(value: unknown): Txn['answers'] {
  if (!Array.isArray(value)) return undefined
  return value.map((answer: unknown) => {
    if (typeof answer === 'number') return answer
    return Array.isArray(answer) ? cellAnswerOf(answer) : null
  })
}

function findTornAnswer(value: unknown): string | undefined {
  const cells = Array.isArray(value) ? value.filter((answer) => Array.isArray(answer)) : []
  return cells
    .map(([seen, mod]) => findTornCell(seen, mod))
    .find((problem) => problem !== undefined)
}
