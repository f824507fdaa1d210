import { lowerBound } from '../../../core/lower-bound.ts'
import type { CompiledHistory } from '../compile/history.ts'
import { keysAccessed } from '../keys-accessed.ts'
import { isHolding, isListedAs } from '../model.ts'
import type { Cell, EtcdOp, RangeAnswer, Txn } from '../operation.ts'
import type { Plan } from '../plan.ts'

/**
 * Which known operations look at each key, in the order of the plan. It guides the choice between
 * unknown writes: a wrong guess costs time, never the verdict.
 */
export interface Timeline {
  /** By key: the plan's nodes that read or write it, ascending. */
  readonly nodes: readonly (readonly number[])[]
}

export function buildTimeline({ ops, keys }: CompiledHistory, plan: Plan): Timeline {
  const nodes = keys.map((): number[] => [])
  if (plan.gaps.length === 0) return { nodes }
  for (let node = 0; node < plan.nodes.length; node++) {
    const op = ops[plan.nodes[node] ?? -1]
    if (op === undefined) continue
    if (op.key >= 0) nodes[op.key]?.push(node)
    else for (const key of keysAccessed(op)) nodes[key]?.push(node)
  }
  return { nodes }
}

/** The first node after this one that reads or writes the key; Infinity = none. */
export function nextNode({ nodes }: Timeline, key: number, after: number): number {
  const of = nodes[key] ?? []
  return of[lowerBound(of, after + 1)] ?? Infinity
}

/** Whether the next operation on a key accepts what the key holds. */
export type LookAhead = 'anything' | 'met' | 'unmet'

/** Whether the operation's answer agrees with this content of the key, all else as it is now. */
export function lookAhead(
  op: EtcdOp | undefined,
  key: number,
  cell: Cell,
  store: readonly Cell[],
): LookAhead {
  if (op === undefined || op.f === 'put') return 'anything'
  return isMet(op, key, cell, store) ? 'met' : 'unmet'
}

function isMet(op: EtcdOp, key: number, cell: Cell, store: readonly Cell[]): boolean {
  if (op.f === 'cas') return (cell.value === op.old) === (op.applied !== false)
  if (op.f === 'delete') return op.deleted < 0 || op.deleted > 0 === (cell.value !== null)
  if (op.range !== undefined) return isMetByRange(op.range, key, cell, store)
  if (op.txn !== undefined) return isMetByTxn(op, op.txn, key, cell)
  if (op.seen !== undefined && op.seen !== cell.value) return false
  return op.seenMod < 0 || op.seenMod === cell.mod
}

/** A key behind the last one listed only has to make the count right. */
function isMetByRange(
  range: RangeAnswer,
  key: number,
  cell: Cell,
  store: readonly Cell[],
): boolean {
  const place = range.keys.indexOf(key)
  if (place < range.covered || range.count < 0 || range.isShared) {
    return isListedAs(range, place, cell, cell.mod)
  }
  let behind = 0
  for (let at = range.covered; at < range.keys.length; at++) {
    const held = at === place ? cell : store[range.keys[at] ?? -1]
    if (held !== undefined && held.value !== null) behind++
  }
  return behind === range.count - (range.items?.size ?? 0)
}

function isMetByTxn(op: EtcdOp, txn: Txn, key: number, cell: Cell): boolean {
  if (op.applied !== false) {
    return txn.compare.every((one) => one.key !== key || isHolding(one, cell))
  }
  const [only, ...others] = txn.compare
  return others.length > 0 || only?.key !== key || !isHolding(only, cell)
}
