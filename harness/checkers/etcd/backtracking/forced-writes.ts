import type { CompiledHistory } from '../compile/history.ts'
import type { Deadlines } from '../deadlines.ts'
import { mayWrite } from '../keys-accessed.ts'
import type { Gap, Plan } from '../plan.ts'
import type { Slots } from '../slots.ts'

export interface ForcedWrites {
  /** By op: the gap that needs it, because no other op can fill that gap; -1 = none. */
  readonly ownerOf: Int32Array
  /** By op: 1 when it writes the content of some pin. */
  readonly isPinnedContent: Uint8Array
  /** The first gap that no op can fill, or that needs an op which another gap has. */
  readonly impossible: Gap | undefined
}

/** Assigns each pinned gap that only one unknown op can fill to that op. */
export function assignForcedWrites(
  { ops }: CompiledHistory,
  { lowest }: Slots,
  { gaps }: Plan,
  {
    writers,
    deadlines,
  }: { readonly writers: readonly (readonly number[])[] } & Pick<Deadlines, 'deadlines'>,
): ForcedWrites {
  const ownerOf = new Int32Array(ops.length).fill(-1)
  const isPinnedContent = new Uint8Array(ops.length)
  for (const [at, gap] of gaps.entries()) {
    for (const pin of gap.pins) {
      const able = (writers[pin.key] ?? []).filter((id) => {
        const op = ops[id]
        const slot = 2 * gap.revision
        const isInTime = (lowest[id] ?? 0) <= slot && slot < (deadlines[id] ?? 0)
        return op !== undefined && isInTime && mayWrite(op, pin)
      })
      const [only] = able
      const owner = ownerOf[only ?? -1] ?? -1
      const isTaken = able.length === 1 && owner >= 0 && owner !== at
      if (only === undefined || isTaken) return { ownerOf, isPinnedContent, impossible: gap }
      for (const id of able) isPinnedContent[id] = 1
      if (able.length === 1) ownerOf[only] = at
    }
  }
  return { ownerOf, isPinnedContent, impossible: undefined }
}
