import { dependsOnPast } from '../compile/metadata-keys.ts'
import { isClosed } from '../facts.ts'
import type { CellConflict } from './conflict.ts'
import type { Frame, PlanSearch } from './state.ts'

/**
 * A contradiction as a set of decisions: by frame index, what of that frame's choice took part.
 * Backjumping returns to the latest of them.
 */
export type Conflict = Map<number, Set<number>>

/** What took part: what the choice did to a key, that it used an op, or that it is empty. */
export const tagKinds = { content: 0, presence: 1, op: 2, empty: 3 } as const

export function tagOf(kind: keyof typeof tagKinds, id = 0): number {
  return 4 * id + tagKinds[kind]
}

export function addTag(conflict: Conflict, frame: number, tag: number): void {
  const tags = conflict.get(frame)
  if (tags === undefined) conflict.set(frame, new Set([tag]))
  else tags.add(tag)
}

/**
 * Adds the decisions that made these keys' cells what they are now: those since the last write, and
 * where some answer shows a version or creation, all of them.
 */
export function addCellDecisions(
  search: PlanSearch,
  { keys, kind }: CellConflict,
  conflict: Conflict,
): Conflict {
  for (const key of keys) {
    const isLong = kind === 'content' && dependsOnPast(search.metadataKeys, key)
    const since = isLong ? -1 : (search.writtenBy[key] ?? -1)
    for (let at = search.frames.length - 1; at >= 0; at--) {
      const frame = search.frames[at]
      if (frame === undefined || frame.node < since) break
      if (couldWrite(search, frame, key)) addDecision(frame, tagOf(kind, key), conflict)
    }
  }
  return conflict
}

/** Adds the decisions that could have taken this op and did not. */
export function addDecisionsInPlaceOf(
  search: PlanSearch,
  op: number,
  conflict: Conflict,
): Conflict {
  const lowest = search.slots.lowest[op] ?? 0
  const deadline = search.deadlines[op] ?? Infinity
  for (const frame of search.frames) {
    const slot = 2 * (frame.gap.revision + frame.offset)
    if (slot >= lowest && slot < deadline) addDecision(frame, tagOf('op', op), conflict)
  }
  return conflict
}

/** An empty choice ends its run of revisions: any other would leave room for more. */
function addDecision({ index, choice, offset, gap }: Frame, tag: number, conflict: Conflict): void {
  addTag(conflict, index, tag)
  if (choice.op < 0 && offset + 1 < gap.length) addTag(conflict, index, tagOf('empty'))
}

function couldWrite(search: PlanSearch, { gap, offset }: Frame, key: number): boolean {
  const [first] = search.writers[key] ?? []
  if (first === undefined) return false
  const revision = gap.revision + offset
  return (search.slots.lowest[first] ?? 0) <= 2 * revision && !isClosed(search.facts, key, revision)
}
