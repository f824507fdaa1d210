import type { CompiledHistory } from './compile/history.ts'
import type { EtcdOp } from './operation.ts'
import { doesWrite, type Slots } from './slots.ts'

/**
 * The history with less asserted: writes whose answers name no place become unknown outcomes, and
 * such reads are left out. Every order of the whole history is an order of this one, so what is
 * impossible here is impossible there; the reverse does not hold.
 */
export function relax(compiled: CompiledHistory, { slots }: Slots): CompiledHistory {
  const ops: EtcdOp[] = []
  for (const op of compiled.ops) {
    const isUnrevisioned = op.isKnown && (slots[op.id] ?? -1) < 0
    if (isUnrevisioned && doesWrite(op) === false) continue
    ops.push({ ...op, id: ops.length, isKnown: op.isKnown && !isUnrevisioned })
  }
  return { ...compiled, ops }
}
