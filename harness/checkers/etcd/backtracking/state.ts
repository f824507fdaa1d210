import type { CompiledHistory } from '../compile/history.ts'
import type { MetadataKeys } from '../compile/metadata-keys.ts'
import { type Deadlines, deadlinesOf, isAnswered } from '../deadlines.ts'
import type { Facts } from '../facts.ts'
import { writersOf } from '../keys-accessed.ts'
import { cellOf } from '../model.ts'
import type { Cell, EtcdOp, Writes } from '../operation.ts'
import { missingCell } from '../operation.ts'
import type { Gap, Plan } from '../plan.ts'
import type { Slots } from '../slots.ts'
import type { Choice } from './choice.ts'
import type { Conflict } from './conflict-set.ts'
import { assignForcedWrites, type ForcedWrites } from './forced-writes.ts'
import { buildTimeline, type Timeline } from './look-ahead.ts'
import type { Nogood } from './nogoods.ts'
import { type Classes, groupInterchangeable } from './symmetry.ts'

/**
 * Where a search through the plan stands, with the way back. A frame is one decision: what fills
 * one revision that no known write created.
 */
export interface PlanSearch extends ForcedWrites, Deadlines {
  readonly ops: readonly EtcdOp[]
  readonly nodes: Int32Array
  readonly gaps: readonly Gap[]
  readonly slots: Slots
  readonly facts: Facts
  readonly metadataKeys: MetadataKeys
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
  readonly writtenBy: Int32Array
  readonly trail: Undo[]
  readonly frames: Frame[]
}

interface Undo {
  readonly key: number
  readonly cell: Cell
  readonly writtenBy: number
}

export interface Frame {
  readonly index: number
  readonly node: number
  readonly gap: Gap
  /** Its number in the plan. */
  readonly gapAt: number
  /** Place within a run of revisions. */
  readonly offset: number
  /** Length of `trail` when it was opened. */
  readonly trail: number
  choice: Choice
  readonly ruledOut: RuledOut[]
  readonly conflict: Conflict
}

/** A choice that led to a contradiction, with what of it took part. */
export interface RuledOut {
  readonly tags: ReadonlySet<number>
  readonly choice: Choice
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
  const gapRevisions = new Set(
    plan.gaps.flatMap(({ revision, length }) => (length > 1 ? [] : [revision])),
  )
  const isPinned = (key: number, mod: number) =>
    facts.pins.get(mod)?.some((pin) => pin.key === key) ?? false
  const classes = groupInterchangeable(
    compiled,
    facts,
    (key, mod) => gapRevisions.has(mod) && !isPinned(key, mod),
    (op) => (forced.ownerOf[op.id] ?? -1) >= 0 || isAnswered(op),
  )
  return {
    ops,
    nodes: plan.nodes,
    gaps: plan.gaps,
    slots,
    facts,
    metadataKeys: compiled.metadataKeys,
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
    writtenBy: new Int32Array(keys.length).fill(-1),
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
    const writtenBy = search.writtenBy[key] ?? -1
    if (withUndo) search.trail.push({ key, cell: cellOf(search.store, key), writtenBy })
    search.store[key] = cell
    search.writtenBy[key] = node
  }
}

/** Notes which frame uses the op; -1 = none. */
export function markUsed(search: PlanSearch, op: number, frame: number): void {
  const id = search.classes.of[op] ?? -1
  search.usedOf[id] = (search.usedOf[id] ?? 0) + (frame < 0 ? -1 : 1)
  search.usedBy[op] = frame
}

/** Undoes the frames from this index on, with all that was written since. */
export function unwind(search: PlanSearch, index: number): Frame | undefined {
  const frame = search.frames[index]
  if (frame === undefined) return undefined
  for (const { choice } of search.frames.slice(index)) {
    if (choice.op >= 0) markUsed(search, choice.op, -1)
  }
  search.frames.length = index
  for (let at = search.trail.length - 1; at >= frame.trail; at--) {
    const { key, cell, writtenBy } = search.trail[at] ?? {
      key: 0,
      cell: missingCell,
      writtenBy: -1,
    }
    search.store[key] = cell
    search.writtenBy[key] = writtenBy
  }
  search.trail.length = frame.trail
  return frame
}
