import {
  addCellDecisions,
  addDecisionsInPlaceOf,
  addTag,
  applyWrites,
  type Conflict,
  type Frame,
  markUsed,
  type PlanSearch,
  tagOf,
  unwind,
} from './backtracking-state.ts'
import type { Budget } from './budget.ts'
import {
  type Choice,
  candidatesOf,
  chooseAgain,
  chooseFirst,
  emptyChoice,
  frameRevision,
  isRuledOut,
  mayStayEmpty,
  nextOf,
} from './choice.ts'
import { findConflict, happens } from './conflict.ts'
import { isClosed } from './facts.ts'
import type { EtcdOp } from './model.ts'
import { matchNogood, recordNogood } from './nogoods.ts'
import { mayWrite } from './plan.ts'

export type PlanOutcome = 'valid' | 'invalid' | 'unknown'

/** Told of every dead end, before anything is undone. */
export type OnDeadEnd = (search: PlanSearch, node: number) => void

/**
 * Walks the plan from its beginning and decides what fills each gap, going back to a decision that
 * took part in the contradiction when it gets stuck. `invalid` means that no decisions work.
 */
export function searchPlan(search: PlanSearch, budget: Budget, onDeadEnd: OnDeadEnd): PlanOutcome {
  let node = 0
  while (node < search.nodes.length) {
    if (budget.isSpent()) return 'unknown'
    const at = search.nodes[node] ?? 0
    let conflict: Conflict | undefined
    if (at >= 0) {
      conflict = applyKnown(search, search.ops[at], node)
      if (conflict === undefined) node++
    } else {
      const frame = openFrame(search, node, -1 - at, 0)
      conflict = matchNogood(search, frame)
      const choice = conflict === undefined ? chooseFirst(search, frame) : undefined
      if (choice === undefined) conflict ??= explainExhausted(search, frame, budget)
      else node = decide(search, frame, choice)
    }
    if (conflict === undefined) continue
    onDeadEnd(search, node)
    const resumed = backjump(search, conflict, budget)
    if (typeof resumed === 'string') return resumed
    node = resumed
  }
  return 'valid'
}

/** Undefined when it happened as answered. */
function applyKnown(
  search: PlanSearch,
  op: EtcdOp | undefined,
  node: number,
): Conflict | undefined {
  if (op === undefined) return undefined
  const overdue = overdueAt(search, node)
  if (overdue !== undefined) return addDecisionsInPlaceOf(search, overdue, new Map())
  const slot = search.slots.slots[op.id] ?? 0
  const isWrite = slot % 2 === 0
  const before = isWrite ? slot / 2 - 1 : (slot - 1) / 2
  const writes = happens(op, search.store, before, isWrite)
  if (writes === undefined)
    return addCellDecisions(search, findConflict(op, search.store, before), new Map())
  applyWrites(search, writes, node, search.frames.length > 0)
  return undefined
}

/** An answered write that should have been used by now. */
export function overdueAt(search: PlanSearch, node: number): number | undefined {
  return search.dueAt.get(node)?.find((op) => (search.usedBy[op] ?? -1) < 0)
}

function openFrame(search: PlanSearch, node: number, gap: number, offset: number): Frame {
  const found = search.gaps[gap]
  if (found === undefined) throw new RangeError(`Expected a gap of the plan, got ${gap}`)
  return {
    index: search.frames.length,
    node,
    gap: found,
    gapAt: gap,
    offset,
    trail: search.trail.length,
    choice: emptyChoice,
    ruledOut: [],
    conflict: new Map(),
  }
}

/** Takes the choice and returns the node to go on with: the same one within a run. */
function decide(search: PlanSearch, frame: Frame, choice: Choice): number {
  frame.choice = choice
  search.frames.push(frame)
  if (choice.op < 0) return frame.node + 1
  markUsed(search, choice.op, frame.index)
  applyWrites(search, choice.writes, frame.node, true)
  if (frame.offset + 1 >= frame.gap.length) return frame.node + 1
  const next = openFrame(search, frame.node, frame.gapAt, frame.offset + 1)
  const further = chooseFirst(search, next)
  return decide(search, next, further ?? emptyChoice)
}

/**
 * Returns to the latest decision that the contradiction depends on and decides otherwise, in
 * everything that the contradiction was about. `invalid` when none is left.
 */
function backjump(
  search: PlanSearch,
  contradiction: Conflict,
  budget: Budget,
): number | 'invalid' | 'unknown' {
  let conflict = contradiction
  for (;;) {
    if (budget.isSpent()) return 'unknown'
    const latest = latestOf(conflict)
    const frame = unwind(search, latest)
    if (frame === undefined) return 'invalid'
    const tags = conflict.get(latest) ?? new Set()
    frame.ruledOut.push({ tags, choice: frame.choice })
    addDecisionsBefore(search, frame, tags)
    for (const [index, tags] of conflict) {
      if (index < latest) for (const tag of tags) addTag(frame.conflict, index, tag)
    }
    const choice = chooseAgain(search, frame)
    if (choice !== undefined) return decide(search, frame, choice)
    conflict = explainExhausted(search, frame, budget)
  }
}

/**
 * A choice that leaves a key alone is alike in the key's presence when the key was there before it
 * just as after the one that was ruled out. So what was before takes part in ruling it out.
 */
function addDecisionsBefore(search: PlanSearch, frame: Frame, tags: ReadonlySet<number>): void {
  for (const { key } of frame.choice.writes) {
    if (!tags.has(tagOf('presence', key))) continue
    addCellDecisions(search, { keys: [key], kind: 'presence' }, frame.conflict)
  }
}

/** Why nothing fills this gap: what ruled choices out, and what made others impossible. */
function explainExhausted(search: PlanSearch, frame: Frame, budget: Budget): Conflict {
  const conflict = frame.conflict
  for (const classId of candidatesOf(search, frame)) {
    const next = nextOf(search, frame, classId)
    const op = search.ops[next ?? search.classes.members[classId]?.[0] ?? -1]
    if (op === undefined || isIneligible(search, frame, op)) continue
    if (next === undefined) addDecisionsUsing(search, frame, classId)
    else
      addCellDecisions(search, findConflict(op, search.store, frameRevision(frame) - 1), conflict)
  }
  const isNoneBarred = frame.gap.mayPrecede && !mayStayEmpty(search, frame)
  if (isNoneBarred) addTag(conflict, frame.index - 1, tagOf('empty'))
  recordNogood(search, frame, conflict, budget)
  return conflict
}

/** All of the class that were asked for in time are used before. */
function addDecisionsUsing(search: PlanSearch, frame: Frame, classId: number): void {
  const members = search.classes.members[classId] ?? []
  for (const op of members.slice(0, search.usedOf[classId] ?? 0)) {
    addTag(frame.conflict, search.usedBy[op] ?? -1, tagOf('op', op))
  }
}

/** It could not fill the gap whatever was decided before, or was ruled out by a contradiction. */
function isIneligible(search: PlanSearch, frame: Frame, op: EtcdOp): boolean {
  const owner = search.ownerOf[op.id] ?? -1
  if (owner >= 0 && search.gaps[owner] !== frame.gap) return true
  if (op.revision >= 0 && op.revision !== frameRevision(frame)) return true
  if (2 * frameRevision(frame) >= (search.before[op.id] ?? 0)) return true
  if (!frame.gap.pins.every((pin) => mayWrite(op, pin))) return true
  if (op.txn !== undefined) return false
  if (isClosed(search.facts, op.key, frameRevision(frame))) return true
  const value = op.f === 'delete' ? null : op.value
  const writes = [{ key: op.key, cell: { value, mod: value === null ? 0 : frameRevision(frame) } }]
  return isRuledOut(search, frame, { op: op.id, writes })
}

function latestOf(conflict: Conflict): number {
  let latest = -1
  for (const index of conflict.keys()) if (index > latest) latest = index
  return latest
}
