import type { Operation } from '../../../history/operations.ts'
import { mayBeStale } from '../../../history/stale.ts'
import type { CellAnswer, EtcdOp, Txn, Value } from '../operation.ts'

/** What the readers of single requests, ranges and transactions share. */
export interface KeyTable {
  readonly names: string[]
  readonly ids: Map<string, number>
  readonly hasForeignWrites: boolean
}

export function blankOp(operation: Operation, id: number): EtcdOp {
  const isKnown = operation.outcome === 'ok'
  const revision = operation.completion?.revision
  return {
    id,
    source: operation,
    f: 'get',
    isKnown,
    isStale: mayBeStale(operation.invoke),
    key: -1,
    value: null,
    lease: '',
    old: null,
    revision: isKnown && typeof revision === 'number' ? revision : -1,
    applied: undefined,
    deleted: -1,
    seen: undefined,
    seenMod: -1,
    range: undefined,
    txn: undefined,
    latest: Infinity,
    endKey: -1,
    impossible: undefined,
  }
}

/**
 * Two kinds of operation assert nothing: unknown reads, and reads whose answer carries nothing. A
 * transaction without a step asserts that its member's store had the answered revision, as a
 * serializable read does: its member compares without a quorum.
 */
export function addOp(ops: EtcdOp[], op: EtcdOp): void {
  const isRead = op.f === 'get' || op.f === 'range'
  if (!op.isKnown && (isRead || (op.txn !== undefined && !canWrite(op.txn)))) return
  const saysContent = op.seen !== undefined || op.seenMod >= 0 || op.range !== undefined
  if (op.txn !== undefined && op.isStale) {
    if (op.revision >= 0) ops.push({ ...op, f: 'range', txn: undefined, applied: undefined })
    return
  }
  if (isRead && op.revision < 0 && !saysContent && op.impossible === undefined) return
  ops.push(op)
}

function canWrite(txn: Txn): boolean {
  return [...txn.onHold, ...txn.onFail].some(({ f }) => f !== 'get')
}

/** Values compare as text; anything that is not a string is compared by its JSON. */
export function textOf(value: unknown): Value {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? null : `\u0000${JSON.stringify(value)}`
}

export function keyId(table: KeyTable, name: string): number {
  const known = table.ids.get(name)
  if (known !== undefined) return known
  table.names.push(name)
  table.ids.set(name, table.names.length - 1)
  return table.names.length - 1
}

/** An answered cell. A missing key has no mod revision; a mod revision of 0 means missing. */
export function observationOf(value: unknown, mod: unknown): Pick<EtcdOp, 'seen' | 'seenMod'> {
  const seen = value === undefined ? (mod === 0 ? null : undefined) : textOf(value)
  return { seen, seenMod: seen !== null && typeof mod === 'number' ? mod : -1 }
}

/** Requests whose answers assert the store's revision alone. */
export function isMoment(f: string): boolean {
  return f === 'grant' || f === 'compact'
}

/** The id of a put's lease; '' = none. */
export function leaseOf(lease: unknown): string {
  return typeof lease === 'string' ? lease : ''
}

/** What one element of an answer shows of a key: its value, modRevision and version. */
export function cellAnswerOf([value, mod, version]: readonly unknown[]): CellAnswer {
  const shown = value === undefined ? undefined : textOf(value)
  const isThere = shown !== null
  return {
    value: shown,
    mod: isThere && typeof mod === 'number' ? mod : -1,
    version: isThere && typeof version === 'number' ? version : -1,
  }
}

/** What is wrong with a cell that no store has: a value without a revision, or the reverse. */
export function findTornCell(value: unknown, mod: unknown): string | undefined {
  if (value === undefined || typeof mod !== 'number') return undefined
  if ((value === null) === (mod === 0)) return undefined
  return `it saw ${value === null ? 'no key' : 'a value'} with the mod revision ${mod}`
}
