import type { Budget } from '../budget.ts'
import { attempt } from '../model.ts'
import type { EtcdOp } from '../operation.ts'
import { type Choice, chooseAgain, chooseFirst, emptyChoice } from './choice.ts'
import { findConflict } from './conflict.ts'
import {
  addCellDecisions,
  addDecisionsInPlaceOf,
  addTag,
  type Conflict,
  tagOf,
} from './conflict-set.ts'
import { explainExhausted } from './exhausted-gap.ts'
import { matchNogood } from './nogoods.ts'
import { applyWrites, type Frame, markUsed, type PlanSearch, unwind } from './state.ts'

export type PlanOutcome = 'valid' | 'invalid' | 'unknown'

/** Called at every dead end, before anything is undone. */
export type OnDeadEnd = (node: number) => void

/**
 * Goes through the plan from its beginning and decides what fills each gap. At a contradiction it
 * returns to the latest decision that took part in it. `invalid` means that no decisions work.
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
    onDeadEnd(node)
    const resumed = backjump(search, conflict, budget)
    if (typeof resumed === 'string') return resumed
    node = resumed
  }
  return 'valid'
}

/** Applies a known op; the contradiction when it cannot have answered as it did. */
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
  const writes = attempt(op, search.store, before)
  if (writes === undefined || writes.length > 0 !== isWrite) {
    return addCellDecisions(search, findConflict(op, search.store, before), new Map())
  }
  applyWrites(search, writes, node, search.frames.length > 0)
  return undefined
}

/** An acknowledged write whose deadline is here and that no gap uses. */
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
 * A choice that does not write a key leaves its presence as it was, which may be what the ruled-out
 * choice left too. So the decisions before it take part in ruling such a choice out.
 */
function addDecisionsBefore(search: PlanSearch, frame: Frame, tags: ReadonlySet<number>): void {
  for (const { key } of frame.choice.writes) {
    if (!tags.has(tagOf('presence', key))) continue
    addCellDecisions(search, { keys: [key], kind: 'presence' }, frame.conflict)
  }
}

function latestOf(conflict: Conflict): number {
  let latest = -1
  for (const index of conflict.keys()) if (index > latest) latest = index
  return latest
}
