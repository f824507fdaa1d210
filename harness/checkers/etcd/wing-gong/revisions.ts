import type { CompiledHistory } from '../compile/history.ts'
import type { Facts } from '../facts.ts'
import { mayWrite, writersOf } from '../keys-accessed.ts'
import { isRevision } from '../operation.ts'
import type { Slots } from '../slots.ts'

/** By op: the only revision it can create, because no other op can have written what is seen there. */
export function ownedRevisions(
  { ops, keys }: CompiledHistory,
  { slots, lowest }: Slots,
  { pins }: Facts,
): Map<number, number> {
  const owned = new Map<number, number>()
  const unrevisioned = ops.filter(({ id }) => (slots[id] ?? -1) < 0)
  const writers = writersOf(unrevisioned, keys.length)
  for (const [revision, seen] of pins) {
    for (const pin of seen) {
      const able = (writers[pin.key] ?? []).filter(
        (op) => (lowest[op.id] ?? 0) <= 2 * revision && mayWrite(op, pin),
      )
      const [only, ...others] = able
      if (only !== undefined && others.length === 0) owned.set(only.id, revision)
    }
  }
  return owned
}

/** Revisions that some answer or precondition names, and the ones after them; ascending. */
export function namedRevisions({ ops }: CompiledHistory, { pins }: Facts): number[] {
  const named = new Set(pins.keys())
  for (const { revision, txn } of ops) {
    if (revision >= 0) named.add(revision).add(revision + 1)
    for (const answer of txn?.answers ?? []) {
      if (typeof answer === 'object' && answer !== null) named.add(answer.mod).add(answer.mod + 1)
    }
    for (const { target, operand } of txn?.compare ?? []) {
      if (isRevision(target)) named.add(Number(operand)).add(Number(operand) + 1)
    }
  }
  return [...named].sort((one, other) => one - other)
}
