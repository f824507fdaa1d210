import type { CompiledHistory } from './compile/history.ts'
import { leastStart } from './history-bounds.ts'
import type { BranchStep, EtcdOp } from './operation.ts'

/**
 * Slots: the write that creates revision r is at 2r, whatever read the store at revision r at 2r+1.
 * In every linearization slots never decrease, so an operation that was invoked after another
 * had completed has at least its slot.
 */
export interface Slots {
  /** By op; -1 = its outcome is unknown, or its answer names no place. */
  readonly slots: Float64Array
  /** By op: the least slot that real time allows. */
  readonly lowest: Float64Array
  /** By op: the op that set `lowest`; -1 = none. */
  readonly lowestBy: Int32Array
  /** Known ops by slot. */
  readonly order: Int32Array
  /** Some acknowledged op has no slot: following the revisions does not suffice. */
  readonly isPartial: boolean
  /** The first op that contradicts real time. */
  readonly outOfOrder: EtcdOp | undefined
}

export function assignSlots(compiled: CompiledHistory): Slots {
  const { ops, initialRevision } = compiled
  const slots = Float64Array.from(ops, slotOf)
  const lowest = new Float64Array(ops.length)
  const lowestBy = new Int32Array(ops.length).fill(-1)
  const completed = sortedBy(ops.length, (id) => ops[id]?.source.completeIndex ?? 0)
  let outOfOrder: EtcdOp | undefined
  const least = initialRevision < 0 ? leastStart(compiled) : initialRevision
  let highest = 2 * least + 1
  let by = -1
  let next = 0
  for (const op of ops) {
    for (; next < ops.length; next++) {
      const id = completed[next] ?? -1
      if ((ops[id]?.source.completeIndex ?? 0) > op.source.invokeIndex) break
      if ((slots[id] ?? -1) <= highest || ops[id]?.isKnown !== true) continue
      highest = slots[id] ?? highest
      by = id
    }
    lowest[op.id] = highest
    lowestBy[op.id] = by
    const slot = slots[op.id] ?? -1
    if (outOfOrder === undefined && slot >= 0 && slot < highest && !op.isStale) outOfOrder = op
  }
  const known = ops.filter(({ id }) => (slots[id] ?? -1) >= 0)
  const order = sortedBy(known.length, (at) => slots[known[at]?.id ?? 0] ?? 0)
  return {
    slots,
    lowest,
    lowestBy,
    order: order.map((at) => known[at]?.id ?? 0),
    isPartial: ops.some(({ id, isKnown }) => isKnown && (slots[id] ?? -1) < 0),
    outOfOrder,
  }
}

function slotOf(op: EtcdOp): number {
  if (!op.isKnown || op.revision < 0) return -1
  const writes = doesWrite(op)
  if (writes === undefined) return -1
  return writes ? 2 * op.revision : 2 * op.revision + 1
}

/** Whether the answer says that the operation created its revision; undefined = it does not say. */
export function doesWrite(op: EtcdOp): boolean | undefined {
  if (op.f === 'put') return true
  if (op.f === 'get' || op.f === 'range') return false
  if (op.f === 'cas') return op.applied
  if (op.f === 'delete') return op.deleted < 0 ? undefined : op.deleted > 0
  if (op.applied === undefined || op.txn === undefined) return undefined
  return doesBranchWrite(op.applied ? op.txn.onHold : op.txn.onFail, op.txn.answers)
}

function doesBranchWrite(
  steps: readonly BranchStep[],
  answers: readonly unknown[] | undefined,
): boolean | undefined {
  if (steps.some(({ f }) => f === 'put')) return true
  const deletes = steps.flatMap(({ f }, at) => (f === 'get' ? [] : [answers?.[at]]))
  if (deletes.some((answer) => answer === 1)) return true
  return deletes.every((answer) => answer === 0) ? false : undefined
}

/** 0…count-1 by a number of each, ties in their own order. */
export function sortedBy(count: number, keyOf: (id: number) => number): Int32Array {
  const keys = Float64Array.from({ length: count }, (_, id) => keyOf(id))
  let least = Infinity
  let most = 0
  for (const key of keys) {
    if (key < least) least = key
    if (key > most && key !== Infinity) most = key
  }
  if (least === Infinity) least = 0
  const end = most - least + 1
  if ((end + 1) * count >= Number.MAX_SAFE_INTEGER) {
    const ids = Int32Array.from({ length: count }, (_, id) => id)
    return ids.sort((one, other) => compareNumbers(keys[one] ?? 0, keys[other] ?? 0) || one - other)
  }
  const packed = keys.map((key, id) => (key === Infinity ? end : key - least) * count + id)
  return Int32Array.from(packed.sort(), (key) => key % count)
}

function compareNumbers(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1
}
