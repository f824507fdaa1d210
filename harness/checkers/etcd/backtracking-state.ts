import type { Choice } from './choice.ts'
import type { CompiledHistory } from './compile.ts'
import type { CellConflict } from './conflict.ts'
import { type Deadlines, deadlinesOf, isAnswered } from './deadlines.ts'
import { type Facts, isClosed } from './facts.ts'
import { assignForcedWrites, type ForcedWrites } from './forced-writes.ts'
import { buildTimeline, type Timeline } from './look-ahead.ts'
import type { Cell, EtcdOp, Writes } from './model.ts'
import { cellOf, missingCell } from './model.ts'
import type { Nogood } from './nogoods.ts'
import { type Gap, type Plan, writersOf } from './plan.ts'
import type { Slots } from './slots.ts'
import { type Classes, groupInterchangeable } from './symmetry.ts'

/**
 * Where a walk through the plan stands, with the way back. A frame is one decision: what fills one
 * revision that no known write created.
 */
export interface PlanSearch extends ForcedWrites, Deadlines {
  readonly ops: readonly EtcdOp[]
  readonly nodes: Int32Array
  readonly gaps: readonly Gap[]
  readonly slots: Slots
  readonly facts: Facts
  readonly timeline: Timeline
  /** By key: ids of unknown writes, by invocation. */
  readonly writers: readonly (readonly number[])[]
  readonly classes: Classes
  readonly allClasses: readonly number[]
  /** By class: how many of it are used. */
  readonly usedOf: Int32Array
  /** By node. */
  readonly nogoods: Map<number, Nogood[]>
  readonly writtenKeys: readonly number[]
  /** By op: index of the frame that uses it; -1 = none. */
  readonly usedBy: Int32Array
  readonly store: Cell[]
  /** By key: the node that last wrote it; -1 = none. */
  readonly touched: Int32Array
  readonly trail: Trail[]
  readonly frames: Frame[]
}

interface Trail {
  readonly key: number
  readonly cell: Cell
  readonly touched: number
}

export interface Frame {
  readonly index: number
  readonly node: number
  readonly gap: Gap
  /** Its number in the plan. */
  readonly gapAt: number
  /** Place within a run of revisions. */
  readonly offset: number
  readonly trail: number
  choice: Choice
  readonly ruledOut: Pattern[]
  readonly conflict: Conflict
}

/** By frame index: what of its choice took part in a contradiction. */
export type Conflict = Map<number, Set<number>>

export interface Pattern {
  readonly tags: ReadonlySet<number>
  readonly choice: Choice
}

/** What of a choice took part: what it did to a key, that it used an op, that it is empty. */
export const tagKinds = { content: 0, presence: 1, op: 2, empty: 3 } as const

export function tagOf(kind: keyof typeof tagKinds, id = 0): number {
  return 4 * id + tagKinds[kind]
}

export function startPlanSearch(
  compiled: CompiledHistory,
  slots: Slots,
  facts: Facts,
  plan: Plan,
): PlanSearch {
  const { ops, keys } = compiled
  const unknown = ops.filter(({ isKnown }) => !isKnown)
  const writers = writersOf(unknown, keys.length).map((of) => of.map(({ id }) => id))
  const deadlines = deadlinesOf(compiled, slots, plan)
  const forced = assignForcedWrites(compiled, slots, plan, { writers, ...deadlines })
  const loose = new Set(plan.gaps.flatMap(({ revision, length }) => (length > 1 ? [] : [revision])))
  const pinned = (key: number, mod: number) =>
    facts.pins.get(mod)?.some((pin) => pin.key === key) ?? false
  const classes = groupInterchangeable(
    compiled,
    facts,
    (key, mod) => loose.has(mod) && !pinned(key, mod),
    (op) => (forced.ownerOf[op.id] ?? -1) >= 0 || isAnswered(op),
  )
  return {
    ops,
    nodes: plan.nodes,
    gaps: plan.gaps,
    slots,
    facts,
    timeline: buildTimeline(compiled, plan),
    writers,
    writtenKeys: writers.flatMap((of, key) => (of.length === 0 ? [] : [key])),
    ...forced,
    ...deadlines,
    classes,
    allClasses: classes.members.map((_, id) => id),
    usedOf: new Int32Array(classes.members.length),
    nogoods: new Map(),
    usedBy: new Int32Array(ops.length).fill(-1),
    store: [...compiled.initial],
    touched: new Int32Array(keys.length).fill(-1),
    trail: [],
    frames: [],
  }
}

export function applyWrites(
  search: PlanSearch,
  writes: Writes,
  node: number,
  withUndo: boolean,
): void {
  for (const { key, cell } of writes) {
    const touched = search.touched[key] ?? -1
    if (withUndo) search.trail.push({ key, cell: cellOf(search.store, key), touched })
    search.store[key] = cell
    search.touched[key] = node
  }
}

/** Notes which frame uses the op; -1 = none any more. */
export function markUsed(search: PlanSearch, op: number, frame: number): void {
  const id = search.classes.of[op] ?? -1
  search.usedOf[id] = (search.usedOf[id] ?? 0) + (frame < 0 ? -1 : 1)
  search.usedBy[op] = frame
}

/** Forgets the frames from this index on, and all that was written since. */
export function unwind(search: PlanSearch, index: number): Frame | undefined {
  const frame = search.frames[index]
  if (frame === undefined) return undefined
  for (const { choice } of search.frames.slice(index)) {
    if (choice.op >= 0) markUsed(search, choice.op, -1)
  }
  search.frames.length = index
  for (let at = search.trail.length - 1; at >= frame.trail; at--) {
    const { key, cell, touched } = search.trail[at] ?? { key: 0, cell: missingCell, touched: -1 }
    search.store[key] = cell
    search.touched[key] = touched
  }
  search.trail.length = frame.trail
  return frame
}

/** Adds the choices that made these keys' cells what they are now. */
export function addCellDecisions(
  search: PlanSearch,
  { keys, kind }: CellConflict,
  into: Conflict,
): Conflict {
  for (const key of keys) {
    const since = search.touched[key] ?? -1
    for (let at = search.frames.length - 1; at >= 0; at--) {
      const frame = search.frames[at]
      if (frame === undefined || frame.node < since) break
      if (couldWrite(search, frame, key)) addDecision(frame, tagOf(kind, key), into)
    }
  }
  return into
}

/** Adds the choices that could have been this op instead. */
export function addDecisionsInPlaceOf(search: PlanSearch, op: number, into: Conflict): Conflict {
  const lowest = search.slots.lowest[op] ?? 0
  const before = search.before[op] ?? Infinity
  for (const frame of search.frames) {
    const slot = 2 * (frame.gap.revision + frame.offset)
    if (slot >= lowest && slot < before) addDecision(frame, tagOf('op', op), into)
  }
  return into
}

/** None of ours ends a run: anything else would leave room for more. */
function addDecision({ index, choice, offset, gap }: Frame, tag: number, into: Conflict): void {
  addTag(into, index, tag)
  if (choice.op < 0 && offset + 1 < gap.length) addTag(into, index, tagOf('empty'))
}

function couldWrite(search: PlanSearch, { gap, offset }: Frame, key: number): boolean {
  const [first] = search.writers[key] ?? []
  if (first === undefined) return false
  const revision = gap.revision + offset
  return (search.slots.lowest[first] ?? 0) <= 2 * revision && !isClosed(search.facts, key, revision)
}

export function addTag(conflict: Conflict, frame: number, tag: number): void {
  const tags = conflict.get(frame)
  if (tags === undefined) conflict.set(frame, new Set([tag]))
  else tags.add(tag)
}
