import { InputError } from '../../core/errors.ts'
import { findTornCell, type KeyTable, keyId, textOf } from './compile-parts.ts'
import type { BranchStep, Cell, EtcdOp, Precondition, Txn } from './operation.ts'

type RawStep = readonly [string, string, unknown?]
type RawCompare = readonly [string, 'value' | 'mod', string, string | number]

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
  const impossible = blank.isKnown ? findTornAnswer(completion?.value) : undefined
  return { ...blank, f: 'txn', txn, applied, impossible }
}

/**
 * A put or delete whose answer shows what the key held before is a transaction that reads it first:
 * one state has to explain both.
 */
export function withPrevious(op: EtcdOp): EtcdOp {
  const prev = op.source.completion?.prev as { value?: unknown; modRevision?: unknown } | null
  if (!op.isKnown || prev === undefined) return op
  const shown = [prev?.value ?? null, prev?.modRevision ?? 0] as const
  const before = cellOfAnswer(shown)
  const { key, f } = op
  const found = op.deleted >= 0 ? op.deleted : before.value === null ? 0 : 1
  const txn: Txn = {
    compare: [],
    onHold: [
      { f: 'get', key, value: null },
      { f: f === 'put' ? 'put' : 'delete', key, value: op.value },
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
  return { f, key: keyId(table, key), value: textOf(value) }
}

function answersOf(value: unknown): Txn['answers'] {
  if (!Array.isArray(value)) return undefined
  return value.map((answer: unknown) => {
    if (typeof answer === 'number') return answer
    return Array.isArray(answer) ? cellOfAnswer(answer) : null
  })
}

function findTornAnswer(value: unknown): string | undefined {
  const cells = Array.isArray(value) ? value.filter((answer) => Array.isArray(answer)) : []
  return cells
    .map(([seen, mod]) => findTornCell(seen, mod))
    .find((problem) => problem !== undefined)
}

function cellOfAnswer([value, mod]: readonly unknown[]): Cell {
  const seen = textOf(value)
  return { value: seen, mod: seen !== null && typeof mod === 'number' ? mod : -1 }
}
