import type { CompiledHistory } from '../compile/history.ts'
import type { Facts } from '../facts.ts'
import { leastStart, startBound, topOf } from '../history-bounds.ts'
import { isRevision } from '../operation.ts'
import type { Slots } from '../slots.ts'

/** The revisions at which the history can have begun, the greatest first. */
export function startsOf(compiled: CompiledHistory, slots: Slots, facts: Facts): number[] {
  if (compiled.initialRevision >= 0) return [compiled.initialRevision]
  const least = leastStart(compiled)
  const unrevisioned = compiled.ops.filter(({ id }) => (slots.slots[id] ?? -1) < 0)
  const named = unrevisioned.flatMap(({ revision, isStale }) =>
    revision >= 0 && !isStale ? [revision] : [],
  )
  const most = named.reduce(
    (one, other) => Math.min(one, other),
    startBound(compiled, slots, facts),
  )
  if (most === Infinity) {
    return unboundStarts(compiled, { least, top: topOf(slots, facts), room: unrevisioned.length })
  }
  if (compiled.hasForeignWrites) return [least]
  const lowest = Math.max(least, most - unrevisioned.length)
  return Array.from({ length: Math.max(0, most - lowest + 1) }, (_, down) => most - down)
}

/** Only stale reads and transactions name revisions: the starts around those. */
function unboundStarts(
  { ops }: CompiledHistory,
  { least, top, room }: { readonly least: number; readonly top: number; readonly room: number },
): number[] {
  const named = ops.flatMap(({ txn }) => [
    ...(txn?.compare ?? []).flatMap(({ target, operand }) =>
      isRevision(target) ? [Number(operand)] : [],
    ),
    ...(txn?.answers ?? []).flatMap((answer) =>
      typeof answer === 'object' && answer !== null && answer.mod >= 0 ? [answer.mod] : [],
    ),
  ])
  const starts = new Set([least])
  for (const revision of [...named, top]) {
    for (let away = -room - 1; away <= 1; away++) starts.add(revision + away)
  }
  return [...starts].filter((start) => start >= least)
}
