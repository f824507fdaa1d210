import {
  addTag,
  apply,
  type Conflict,
  explain,
  explainUnused,
  type Frame,
  tagOf,
  unwind,
  use,
  type Walk,
} from './backtracking-state.ts'
import type { Budget } from './budget.ts'
import {
  type Choice,
  candidatesOf,
  chooseAgain,
  chooseFirst,
  isRuledOut,
  mayBeNone,
  nextOf,
  none,
  revisionOf,
} from './choice.ts'
import { findConflict, happens } from './conflict.ts'
import { isClosed } from './facts.ts'
import type { EtcdOp } from './model.ts'
import { matchNogood, recordNogood } from './nogoods.ts'
import { mayWrite } from './plan.ts'

export type Walked = 'valid' | 'invalid' | 'unknown'

/** Told of every dead end, before anything is undone. */
export type OnStuck = (walk: Walk, node: number) => void

/**
 * Walks the plan from its beginning and decides what fills each gap, going back to a decision that
 * took part in the contradiction when it gets stuck. `invalid` means that no decisions work.
 */
export function searchPlan(walk: Walk, budget: Budget, onStuck: OnStuck): Walked {
  let node = 0
  while (node < walk.nodes.length) {
    if (budget.isSpent()) return 'unknown'
    const at = walk.nodes[node] ?? 0
    let conflict: Conflict | undefined
    if (at >= 0) {
      conflict = passKnown(walk, walk.ops[at], node)
      if (conflict === undefined) node++
    } else {
      const frame = enterGap(walk, node, -1 - at, 0)
      conflict = matchNogood(walk, frame)
      const choice = conflict === undefined ? chooseFirst(walk, frame) : undefined
      if (choice === undefined) conflict ??= exhausted(walk, frame, budget)
      else node = decide(walk, frame, choice)
    }
    if (conflict === undefined) continue
    onStuck(walk, node)
    const resumed = backjump(walk, conflict, budget)
    if (typeof resumed === 'string') return resumed
    node = resumed
  }
  return 'valid'
}

/** Undefined when it happened as answered. */
function passKnown(walk: Walk, op: EtcdOp | undefined, node: number): Conflict | undefined {
  if (op === undefined) return undefined
  const overdue = overdueAt(walk, node)
  if (overdue !== undefined) return explainUnused(walk, overdue, new Map())
  const slot = walk.slots.slots[op.id] ?? 0
  const isWrite = slot % 2 === 0
  const before = isWrite ? slot / 2 - 1 : (slot - 1) / 2
  const writes = happens(op, walk.store, before, isWrite)
  if (writes === undefined) return explain(walk, findConflict(op, walk.store, before), new Map())
  apply(walk, writes, node, walk.frames.length > 0)
  return undefined
}

/** An answered write that should have been used by now. */
export function overdueAt(walk: Walk, node: number): number | undefined {
  return walk.dueAt.get(node)?.find((op) => (walk.usedBy[op] ?? -1) < 0)
}

function enterGap(walk: Walk, node: number, gap: number, offset: number): Frame {
  const found = walk.gaps[gap]
  if (found === undefined) throw new RangeError(`Expected a gap of the plan, got ${gap}`)
  return {
    index: walk.frames.length,
    node,
    gap: found,
    gapAt: gap,
    offset,
    trail: walk.trail.length,
    choice: none,
    ruledOut: [],
    conflicts: new Map(),
  }
}

/** Takes the choice and returns the node to go on with: the same one within a run. */
function decide(walk: Walk, frame: Frame, choice: Choice): number {
  frame.choice = choice
  walk.frames.push(frame)
  if (choice.op < 0) return frame.node + 1
  use(walk, choice.op, frame.index)
  apply(walk, choice.writes, frame.node, true)
  if (frame.offset + 1 >= frame.gap.length) return frame.node + 1
  const next = enterGap(walk, frame.node, frame.gapAt, frame.offset + 1)
  const further = chooseFirst(walk, next)
  return decide(walk, next, further ?? none)
}

/**
 * Returns to the latest decision that the contradiction depends on and decides otherwise, in
 * everything that the contradiction was about. `invalid` when none is left.
 */
function backjump(walk: Walk, stuck: Conflict, budget: Budget): number | 'invalid' | 'unknown' {
  let conflict = stuck
  for (;;) {
    if (budget.isSpent()) return 'unknown'
    const latest = latestOf(conflict)
    const frame = unwind(walk, latest)
    if (frame === undefined) return 'invalid'
    const tags = conflict.get(latest) ?? new Set()
    frame.ruledOut.push({ tags, choice: frame.choice })
    explainBefore(walk, frame, tags)
    for (const [index, tags] of conflict) {
      if (index < latest) for (const tag of tags) addTag(frame.conflicts, index, tag)
    }
    const choice = chooseAgain(walk, frame)
    if (choice !== undefined) return decide(walk, frame, choice)
    conflict = exhausted(walk, frame, budget)
  }
}

/**
 * A choice that leaves a key alone is alike in the key's presence when the key was there before it
 * just as after the one that was ruled out. So what was before takes part in ruling it out.
 */
function explainBefore(walk: Walk, frame: Frame, tags: ReadonlySet<number>): void {
  for (const { key } of frame.choice.writes) {
    if (!tags.has(tagOf('presence', key))) continue
    explain(walk, { keys: [key], kind: 'presence' }, frame.conflicts)
  }
}

/** Why nothing fills this gap: what ruled choices out, and what made others impossible. */
function exhausted(walk: Walk, frame: Frame, budget: Budget): Conflict {
  const conflict = frame.conflicts
  for (const classId of candidatesOf(walk, frame)) {
    const next = nextOf(walk, frame, classId)
    const op = walk.ops[next ?? walk.classes.members[classId]?.[0] ?? -1]
    if (op === undefined || isOutOfQuestion(walk, frame, op)) continue
    if (next === undefined) explainUsed(walk, frame, classId)
    else explain(walk, findConflict(op, walk.store, revisionOf(frame) - 1), conflict)
  }
  const isNoneBarred = frame.gap.mayPrecede && !mayBeNone(walk, frame)
  if (isNoneBarred) addTag(conflict, frame.index - 1, tagOf('none'))
  recordNogood(walk, frame, conflict, budget)
  return conflict
}

/** All of the class that were asked for in time are used before. */
function explainUsed(walk: Walk, frame: Frame, classId: number): void {
  const members = walk.classes.members[classId] ?? []
  for (const op of members.slice(0, walk.usedOf[classId] ?? 0)) {
    addTag(frame.conflicts, walk.usedBy[op] ?? -1, tagOf('op', op))
  }
}

/** It could not fill the gap whatever was decided before, or was ruled out by a contradiction. */
function isOutOfQuestion(walk: Walk, frame: Frame, op: EtcdOp): boolean {
  const owner = walk.ownerOf[op.id] ?? -1
  if (owner >= 0 && walk.gaps[owner] !== frame.gap) return true
  if (op.revision >= 0 && op.revision !== revisionOf(frame)) return true
  if (2 * revisionOf(frame) >= (walk.before[op.id] ?? 0)) return true
  if (!frame.gap.pins.every((pin) => mayWrite(op, pin))) return true
  if (op.txn !== undefined) return false
  if (isClosed(walk.facts, op.key, revisionOf(frame))) return true
  const value = op.f === 'delete' ? null : op.value
  const writes = [{ key: op.key, cell: { value, mod: value === null ? 0 : revisionOf(frame) } }]
  return isRuledOut(walk, frame, { op: op.id, writes })
}

function latestOf(conflict: Conflict): number {
  let latest = -1
  for (const index of conflict.keys()) if (index > latest) latest = index
  return latest
}
