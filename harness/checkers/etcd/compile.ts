import { InputError } from '../../core/errors.ts'
import { operations } from '../../history/join.ts'
import type { History, Operation } from '../../history/operations.ts'
import {
  addOp,
  blankOp,
  findTornCell,
  type KeyTable,
  keyId,
  observationOf,
  textOf,
} from './compile-parts.ts'
import { compileRange } from './compile-range.ts'
import { compileTxn, keysOfTxn, withPrevious } from './compile-txn.ts'
import type { Cell, EtcdOp } from './operation.ts'
import { missingCell } from './operation.ts'

/** A history for the etcd checkers: what may have happened, in the order of invocation. */
export interface CompiledHistory {
  readonly history: History
  readonly ops: readonly EtcdOp[]
  /** Names of the numbered keys. */
  readonly keys: readonly string[]
  readonly initial: readonly Cell[]
  /** The revision at the start; -1 = free. */
  readonly initialRevision: number
  /** Other clients wrote other keys. */
  readonly hasForeignWrites: boolean
  /** Operations of the history, those that assert nothing included. */
  readonly operations: number
  /** Acknowledged operations that assert something. */
  readonly answers: number
}

/**
 * Drops what asserts nothing (failed requests, unanswered reads) and numbers the keys. Throws an
 * InputError for an `initial` that is not `{revision?, kvs?}`.
 */
export function compile(history: History): CompiledHistory {
  const all = operations(history)
  const { initialRevision, kvs } = readInitial(history.header.initial)
  const hasForeignWrites = history.header.foreignWrites === true
  const table: KeyTable = { names: [], ids: new Map(), hasForeignWrites }
  for (const key of kvs.keys()) keyId(table, key)
  for (const operation of all) collectKeys(table, operation)
  const initial = table.names.map((name) => kvs.get(name) ?? missingCell)
  const ops: EtcdOp[] = []
  let answers = 0
  const bounds = new Map<string, readonly number[]>()
  for (const operation of all) {
    if (operation.outcome === 'fail') continue
    const before = ops.length
    if (operation.f === 'range') compileRange(operation, table, bounds, ops)
    else addOp(ops, compileOne(operation, table, ops.length))
    if (operation.outcome === 'ok' && ops.length > before) answers++
  }
  const { names: keys } = table
  const counts = { operations: all.length, answers }
  return { history, ops, keys, initial, initialRevision, hasForeignWrites, ...counts }
}

/** The key's name; `store` for what concerns no single key. */
export function keyName({ keys }: Pick<CompiledHistory, 'keys'>, key: number): string {
  return keys[key] ?? 'store'
}

function compileOne(operation: Operation, table: KeyTable, id: number): EtcdOp {
  const blank = blankOp(operation, id)
  const { invoke, completion } = operation
  if (operation.f === 'txn') return compileTxn(blank, table)
  const key = keyId(table, invoke.key ?? '')
  const isKnown = blank.isKnown
  if (operation.f === 'put') {
    return withPrevious({ ...blank, f: 'put', key, value: textOf(invoke.value) })
  }
  if (operation.f === 'delete') {
    const deleted = isKnown ? (completion?.deleted ?? -1) : -1
    const impossible = deleted > 1 ? `it deleted ${deleted} keys where it named one` : undefined
    return withPrevious({ ...blank, f: 'delete', key, deleted, impossible })
  }
  if (operation.f === 'cas') {
    const [old, value] = Array.isArray(invoke.value) ? invoke.value : []
    const applied = isKnown ? completion?.applied !== false : undefined
    return { ...blank, f: 'cas', key, old: textOf(old), value: textOf(value), applied }
  }
  if (operation.f !== 'get') {
    throw new InputError(
      `Expected \`f\` to be put, get, delete, cas, range or txn, got \`${operation.f}\``,
    )
  }
  const { seen, seenMod } = observationOf(completion?.value, completion?.modRevision)
  const impossible = isKnown ? findTornCell(completion?.value, completion?.modRevision) : undefined
  return { ...blank, f: 'get', key, seen, seenMod, impossible }
}

/** With foreign writes, a key that only a range lists belongs to other clients. */
function collectKeys(table: KeyTable, { f, invoke, outcome, completion }: Operation): void {
  if (f === 'txn') for (const key of keysOfTxn(invoke.value)) keyId(table, key)
  else if (f !== 'range') keyId(table, invoke.key ?? '')
  else if (invoke.end === undefined) keyId(table, invoke.key ?? '')
  else if (!table.hasForeignWrites && outcome === 'ok' && Array.isArray(completion?.value)) {
    for (const item of completion.value) keyId(table, String(item[0]))
  }
}

interface Initial {
  readonly initialRevision: number
  readonly kvs: ReadonlyMap<string, Cell>
}

function readInitial(initial: unknown): Initial {
  if (initial === undefined || initial === null) {
    return { initialRevision: -1, kvs: new Map() }
  }
  if (typeof initial !== 'object' || Array.isArray(initial)) throw badInitial(initial)
  const { revision, kvs = {} } = initial as { revision?: unknown; kvs?: unknown }
  const isRevision =
    revision === undefined || (Number.isSafeInteger(revision) && Number(revision) >= 0)
  if (!isRevision || typeof kvs !== 'object' || kvs === null || Array.isArray(kvs)) {
    throw badInitial(initial)
  }
  const cells = Object.entries(kvs).map(([key, kv]) => {
    const mod: unknown = kv?.modRevision
    const newest = typeof revision === 'number' ? revision : Number.MAX_SAFE_INTEGER
    const isPast = Number.isSafeInteger(mod) && Number(mod) > 0 && Number(mod) <= newest
    if (!isPast || typeof kv.value !== 'string') throw badInitial(initial)
    return [key, { value: kv.value, mod: Number(mod) }] as const
  })
  const initialRevision = typeof revision === 'number' ? revision : -1
  return { initialRevision, kvs: new Map(cells) }
}

function badInitial(initial: unknown): InputError {
  const got = JSON.stringify(initial).slice(0, 80)
  return new InputError(
    `Expected \`initial\` to be {revision, kvs: {key: {value, modRevision}}}, got ${got}`,
  )
}
