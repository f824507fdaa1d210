import type { CompiledHistory } from './compile.ts'
import type { Deadlines } from './deadlines.ts'
import { mayWrite } from './keys-accessed.ts'
import type { Gap, Plan } from './plan.ts'
import type { Slots } from './slots.ts'

export interface ForcedWrites {
  /** By op: the only gap that it can fill, because nothing else can; -1 = none. */
  readonly ownerOf: Int32Array
  /** By op: 1 when it writes what some pin asks for. */
  readonly isPinnedContent: Uint8Array
  /** The first gap that none can fill, or that needs an op which another one has. */
  readonly impossible: Gap | undefined
}

/** Gives a pinned gap that only one unknown op can fill to that op, for good. */
export function assignForcedWrites(
  { ops }: CompiledHistory,
  { lowest }: Slots,
  { gaps }: Plan,
  {
    writers,
    before,
  }: { readonly writers: readonly (readonly number[])[] } & Pick<Deadlines, 'before'>,
): ForcedWrites {
  const ownerOf = new Int32Array(ops.length).fill(-1)
  const isPinnedContent = new Uint8Array(ops.length)
  for (const [at, gap] of gaps.entries()) {
    for (const pin of gap.pins) {
      const able = (writers[pin.key] ?? []).filter((id) => {
        const op = ops[id]
        const slot = 2 * gap.revision
        const isInTime = (lowest[id] ?? 0) <= slot && slot < (before[id] ?? 0)
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
