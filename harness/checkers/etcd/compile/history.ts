import { InputError } from '../../../core/errors.ts'
import { continuedStoreOf } from '../../../history/initial-store.ts'
import { operations } from '../../../history/join.ts'
import type { History, Operation } from '../../../history/operations.ts'
import { mayBeStale } from '../../../history/stale.ts'
import { shorten } from '../../verdict/format.ts'
import type { Cell, EtcdOp } from '../operation.ts'
import { missingCell } from '../operation.ts'
import { readInitial } from './initial.ts'
import { type LeaseTable, limitByLease, readLeases } from './leases.ts'
import { type MetadataKeys, metadataKeysOf } from './metadata-keys.ts'
import {
  addOp,
  blankOp,
  findTornCell,
  isMoment,
  type KeyTable,
  keyId,
  leaseOf,
  observationOf,
  textOf,
} from './parts.ts'
import { compileRange } from './range.ts'
import { compileRevoke, compileTxn, keysOfTxn, withPrevious } from './txn.ts'

/** A history for the etcd checkers: what may have happened, in the order of invocation. */
export interface CompiledHistory {
  readonly history: History
  readonly ops: readonly EtcdOp[]
  /** Requests to compact, in the order of invocation. */
  readonly compactions: readonly EtcdOp[]
  /** Names of the numbered keys. */
  readonly keys: readonly string[]
  readonly initial: readonly Cell[]
  /** Keys of which more than the value and mod revision decides what an answer is. */
  readonly metadataKeys: MetadataKeys
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
  const { revision: continued } = continuedStoreOf(history.header) ?? { revision: 0 }
  const table: KeyTable = { names: [], ids: new Map(), hasForeignWrites }
  for (const key of kvs.keys()) keyId(table, key)
  for (const operation of all) collectKeys(table, operation)
  const leases = readLeases(all, table)
  const initial = table.names.map((name) => kvs.get(name) ?? missingCell)
  const ops: EtcdOp[] = []
  const compactions: EtcdOp[] = []
  let answers = 0
  const bounds = new Map<string, readonly number[]>()
  for (const operation of all) {
    if (operation.outcome === 'fail' || isFromBefore(operation, continued)) continue
    const before = ops.length
    if (operation.f === 'compact') compactions.push(blankOp(operation, compactions.length))
    if (operation.f === 'range') compileRange(operation, table, bounds, ops)
    else addOp(ops, compileOne(blankOp(operation, ops.length), table, leases))
    if (operation.outcome === 'ok' && ops.length > before) answers++
  }
  const { names: keys } = table
  const counts = { operations: all.length, answers }
  const metadataKeys = metadataKeysOf(ops, initial, keys)
  const store = { keys, initial, initialRevision, metadataKeys }
  return { history, ops, compactions, ...store, hasForeignWrites, ...counts }
}

/**
 * A read at a revision before the start of a store that goes on may have seen a key which was deleted
 * since: nothing is known of it.
 */
function isFromBefore({ f, invoke, completion }: Operation, continued: number): boolean {
  if (f !== 'get' && f !== 'range') return false
  const { atRevision } = invoke
  if (typeof atRevision === 'number' && atRevision > 0) return atRevision < continued
  return mayBeStale(invoke) && (completion?.revision ?? continued) < continued
}

/** The key's name; `store` for what concerns no single key. */
export function keyName({ keys }: Pick<CompiledHistory, 'keys'>, key: number): string {
  return keys[key] ?? 'store'
}

function compileOne(blank: EtcdOp, table: KeyTable, leases: LeaseTable): EtcdOp {
  const { source, isKnown } = blank
  const { f, invoke, completion } = source
  if (f === 'txn') return compileTxn(blank, table)
  if (f === 'revoke') return compileRevoke(blank, table, leases)
  if (isMoment(f)) return { ...blank, f: 'range' }
  const key = keyId(table, invoke.key ?? '')
  if (f === 'put') {
    const put = { key, value: textOf(invoke.value), lease: leaseOf(invoke.lease) }
    return withPrevious(limitByLease({ ...blank, f, ...put }, leases))
  }
  if (f === 'delete') {
    const deleted = isKnown ? (completion?.deleted ?? -1) : -1
    const impossible = deleted > 1 ? `it deleted ${deleted} keys where it named one` : undefined
    return withPrevious({ ...blank, f, key, deleted, impossible })
  }
  if (f === 'cas') {
    const [old, value] = Array.isArray(invoke.value) ? invoke.value : []
    const applied = isKnown ? completion?.applied !== false : undefined
    return { ...blank, f, key, old: textOf(old), value: textOf(value), applied }
  }
  if (f !== 'get') {
    const known = 'put, get, delete, cas, range, txn, grant, revoke or compact'
    throw new InputError(`Expected \`f\` to be ${known}, got \`${f}\``)
  }
  const { seen, seenMod } = observationOf(completion?.value, completion?.modRevision)
  const impossible = isKnown ? findImpossibleGet(source) : undefined
  return { ...blank, f, key, seen, seenMod, impossible }
}

function findImpossibleGet({ invoke, completion }: Operation): string | undefined {
  const { key: shown = invoke.key } = completion ?? {}
  if (shown !== invoke.key) return `it showed the key ${shorten(String(shown))}`
  return findTornCell(completion?.value, completion?.modRevision)
}

/** With foreign writes, a key that only a range lists belongs to other clients. */
function collectKeys(table: KeyTable, { f, invoke, outcome, completion }: Operation): void {
  if (f === 'revoke' || isMoment(f)) return
  if (f === 'txn') for (const key of keysOfTxn(invoke.value)) keyId(table, key)
  else if (f !== 'range') keyId(table, invoke.key ?? '')
  else if (invoke.end === undefined) keyId(table, invoke.key ?? '')
  else if (!table.hasForeignWrites && outcome === 'ok' && Array.isArray(completion?.value)) {
    for (const item of completion.value) keyId(table, String(item[0]))
  }
}
