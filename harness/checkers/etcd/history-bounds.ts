import type { CompiledHistory } from './compile/history.ts'
import type { Facts } from './facts.ts'
import type { Slots } from './slots.ts'

/** The greatest revision at which the history can have begun. */
export function startOf(compiled: CompiledHistory, slots: Slots, facts: Facts): number {
  const bound = startBound(compiled, slots, facts)
  if (bound !== Infinity) return bound
  return Math.max(topOf(slots, facts), leastStart(compiled))
}

/** The same as far as answers bound it; Infinity = none does. Stale reads may be older than the start. */
export function startBound(
  compiled: CompiledHistory,
  { order, slots }: Slots,
  { pins }: Facts,
): number {
  if (compiled.initialRevision >= 0) return compiled.initialRevision
  const first = order.find((id) => compiled.ops[id]?.isStale === false)
  let start = first === undefined ? Infinity : Math.floor(((slots[first] ?? 0) - 1) / 2)
  for (const revision of pins.keys()) start = Math.min(start, revision - 1)
  for (const { isKnown, revision } of compiled.ops) {
    if (!isKnown && revision >= 0) start = Math.min(start, revision)
  }
  return start
}

/** The least start: no key of the initial store is newer than the store. */
export function leastStart({ initial }: CompiledHistory): number {
  return initial.reduce((least, { mod }) => Math.max(least, mod), 0)
}

/** The greatest revision that an answer names or shows. */
export function topOf({ order, slots }: Slots, { pins }: Facts): number {
  let top = order.length === 0 ? 0 : Math.floor((slots[order[order.length - 1] ?? 0] ?? 0) / 2)
  for (const revision of pins.keys()) top = Math.max(top, revision)
  return top
}

/** How many unknown writes can be older than this start. */
export function countBefore({ ops }: CompiledHistory, { lowest }: Slots, start: number): number {
  let count = 0
  for (const op of ops) {
    if ((lowest[op.id] ?? 0) > 2 * start) break
    if (!op.isKnown) count++
  }
  return count
}
