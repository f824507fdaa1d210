import { keysAccessed } from '../keys-accessed.ts'
import { cellOf, isHolding, isListedAs } from '../model.ts'
import type { Cell, EtcdOp, RangeAnswer } from '../operation.ts'

/** What keeps an operation from happening: these keys' content, or only that they are there. */
export interface CellConflict {
  readonly keys: readonly number[]
  readonly kind: 'content' | 'presence'
}

/**
 * Why the operation cannot happen here with its answer: as long as these cells stay as they
 * are, so does the contradiction. As little as is easily found.
 */
export function findConflict(op: EtcdOp, store: readonly Cell[], revision: number): CellConflict {
  if (op.endKey >= 0 && cellOf(store, op.endKey).value !== null) {
    return { keys: [op.endKey], kind: 'content' }
  }
  if (op.range !== undefined) return findRangeConflict(op.range, store, revision)
  if (op.f === 'delete') return { keys: [op.key], kind: 'presence' }
  if (op.txn === undefined || op.applied === undefined) {
    const isAbsence = op.f === 'get' && op.seen === null
    return { keys: keysAccessed(op), kind: isAbsence ? 'presence' : 'content' }
  }
  const holds = op.txn.compare.map((one) => isHolding(one, cellOf(store, one.key)))
  const compared = op.txn.compare.map(({ key }) => key)
  if (op.applied) {
    const failed = compared.find((_, at) => !holds[at])
    if (failed !== undefined) return { keys: [failed], kind: 'content' }
  } else if (holds.every(Boolean)) return { keys: compared, kind: 'content' }
  const steps = op.applied ? op.txn.onHold : op.txn.onFail
  return { keys: steps.map(({ key }) => key), kind: 'content' }
}

/** A key that was listed otherwise; else too many are there, or too few. */
function findRangeConflict(
  range: RangeAnswer,
  store: readonly Cell[],
  revision: number,
): CellConflict {
  const { keys, count } = range
  const wrong = keys.find((key, at) => !isListedAs(range, at, cellOf(store, key), revision))
  if (wrong !== undefined) {
    return { keys: [wrong], kind: range.items?.has(wrong) ? 'content' : 'presence' }
  }
  const present = keys.filter((key) => cellOf(store, key).value !== null)
  const isTooMany = count >= 0 && present.length > count
  const absent = () => keys.filter((key) => cellOf(store, key).value === null)
  return { keys: isTooMany ? present : absent(), kind: 'presence' }
}
