import type { Budget } from '../budget.ts'
import { cellOf } from '../model.ts'
import {
  addCellDecisions,
  addDecisionsInPlaceOf,
  addTag,
  type Conflict,
  tagKinds,
  tagOf,
} from './conflict-set.ts'
import type { Frame, PlanSearch } from './state.ts'

/**
 * A gap that no operation could fill, with the part of the state on which its contradiction depends.
 * While these cells are equal and these writes are used, no operation fills it after any decisions.
 */
export interface Nogood {
  readonly contents: readonly (readonly [key: number, content: string])[]
  readonly presences: readonly (readonly [key: number, isThere: boolean])[]
  /** At least so many of a class are used. */
  readonly used: readonly (readonly [classId: number, count: number])[]
  /** Acknowledged writes that are still unused. */
  readonly unused: readonly number[]
}

/** At most so many are remembered for one gap. Forgetting one costs time, never the verdict. */
const mostPerGap = 100
const bytesPerPart = 80

/** The contradiction of a known dead end, in terms of the decisions as they are now. */
export function matchNogood(search: PlanSearch, frame: Frame): Conflict | undefined {
  const nogood = search.nogoods.get(frame.node)?.find((one) => isHere(search, one))
  if (nogood === undefined) return undefined
  const conflict = frame.conflict
  const contents = nogood.contents.map(([key]) => key)
  addCellDecisions(search, { keys: contents, kind: 'content' }, conflict)
  const presences = nogood.presences.map(([key]) => key)
  addCellDecisions(search, { keys: presences, kind: 'presence' }, conflict)
  for (const [id, count] of nogood.used) {
    for (const op of search.classes.members[id]?.slice(0, count) ?? []) {
      addTag(conflict, search.usedBy[op] ?? -1, tagOf('op', op))
    }
  }
  for (const op of nogood.unused) addDecisionsInPlaceOf(search, op, conflict)
  return conflict
}

function isHere(search: PlanSearch, { contents, presences, used, unused }: Nogood): boolean {
  const { classes, store, usedOf, usedBy } = search
  return (
    unused.every((op) => (usedBy[op] ?? -1) < 0) &&
    used.every(([id, count]) => (usedOf[id] ?? 0) >= count) &&
    presences.every(([key, isThere]) => (cellOf(store, key).value !== null) === isThere) &&
    contents.every(([key, content]) => classes.contentOf(key, cellOf(store, key)) === content)
  )
}

/**
 * Remembers an exhausted gap; the search stands just before it. Where the history may begin later,
 * or other clients write too, more than the state decides, so nothing is recorded.
 */
export function recordNogood(
  search: PlanSearch,
  frame: Frame,
  conflict: Conflict,
  budget: Budget,
): void {
  const { gap, node } = frame
  if (gap.mayPrecede || gap.mayBeEmpty || gap.length > 1) return
  const nogood = nogoodOf(search, conflict)
  if (nogood === undefined) return
  const known = search.nogoods.get(node) ?? []
  search.nogoods.set(node, known)
  const parts = Object.values(nogood).reduce((sum, list) => sum + list.length, 0)
  if (known.length < mostPerGap) budget.hold(bytesPerPart * (2 + parts))
  else known.pop()
  known.unshift(nogood)
}

function nogoodOf(search: PlanSearch, conflict: Conflict): Nogood | undefined {
  const contents = new Set<number>()
  const presences = new Set<number>()
  const used = new Map<number, number>()
  const unused = new Set<number>()
  for (const tags of conflict.values()) {
    for (const tag of tags) {
      const [kind, id] = [tag & 3, tag >> 2]
      if (kind === tagKinds.empty) return undefined
      if (kind === tagKinds.content) contents.add(id)
      else if (kind === tagKinds.presence) presences.add(id)
      else if ((search.usedBy[id] ?? -1) < 0) unused.add(id)
      else {
        const classId = search.classes.of[id] ?? -1
        const count = (search.classes.members[classId]?.indexOf(id) ?? -1) + 1
        used.set(classId, Math.max(count, used.get(classId) ?? 0))
      }
    }
  }
  const cell = (key: number) => cellOf(search.store, key)
  return {
    contents: [...contents].map((key) => [key, search.classes.contentOf(key, cell(key))]),
    presences: [...presences].map((key) => [key, cell(key).value !== null]),
    used: [...used],
    unused: [...unused],
  }
}
