import { lowerBound } from '../../core/lower-bound.ts'
import type { CompiledHistory } from './compile/history.ts'
import type { EtcdOp } from './operation.ts'
import type { Plan } from './plan.ts'
import { doesWrite, type Slots } from './slots.ts'

/**
 * Acknowledged writes whose answers name no revision. The search has them among the unknown ones,
 * but they happened, and before whatever was invoked after their answer.
 */
export interface Deadlines {
  /** By op: its slot is below this one; Infinity = no end. */
  readonly deadlines: Float64Array
  /** By node: the ops that must be used by then. */
  readonly dueAt: ReadonlyMap<number, readonly number[]>
}

export function deadlinesOf(compiled: CompiledHistory, { slots }: Slots, plan: Plan): Deadlines {
  const deadlines = Float64Array.from(compiled.ops, ({ latest }) => 2 * latest + 1)
  const dueAt = new Map<number, number[]>()
  const unrevisioned = compiled.ops.filter(isAnswered)
  if (unrevisioned.length === 0) return { deadlines, dueAt }
  const least = leastAfter(compiled.ops, (op) => (op.isStale ? -1 : (slots[op.id] ?? -1)))
  const nodeSlots = Float64Array.from(plan.nodes, (at) =>
    at >= 0 ? (slots[at] ?? 0) : 2 * (plan.gaps[-1 - at]?.revision ?? 0),
  )
  for (const op of unrevisioned) {
    const end = least(op.source.completeIndex)
    deadlines[op.id] = Math.min(end, deadlines[op.id] ?? end)
    if (end === Infinity || doesWrite(op) !== true) continue
    const node = lowerBound(nodeSlots, end)
    dueAt.set(node, [...(dueAt.get(node) ?? []), op.id])
  }
  return { deadlines, dueAt }
}

/** Whether it is among the unknown ones and yet acknowledged: only its place is unknown. */
export function isAnswered({ isKnown, source }: EtcdOp): boolean {
  return !isKnown && source.outcome === 'ok'
}

/**
 * The least number of the ops that were invoked after an event. Ops come by invocation; a number
 * below 0 means that the op has none.
 */
export function leastAfter(
  ops: readonly EtcdOp[],
  numberOf: (op: EtcdOp) => number,
): (event: number) => number {
  const least = new Float64Array(ops.length + 1).fill(Infinity)
  for (let at = ops.length - 1; at >= 0; at--) {
    const number = ops[at] === undefined ? -1 : numberOf(ops[at] as EtcdOp)
    least[at] = Math.min(least[at + 1] ?? Infinity, number < 0 ? Infinity : number)
  }
  const invoked = Float64Array.from(ops, ({ source }) => source.invokeIndex)
  return (event) => least[lowerBound(invoked, event)] ?? Infinity
}
