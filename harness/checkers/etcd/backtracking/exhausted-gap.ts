import type { Budget } from '../budget.ts'
import { isClosed } from '../facts.ts'
import { mayWrite } from '../keys-accessed.ts'
import { type EtcdOp, missingCell } from '../operation.ts'
import { candidatesOf, frameRevision, mayStayEmpty, nextOf } from './choice.ts'
import { findConflict } from './conflict.ts'
import { addCellDecisions, addTag, type Conflict, tagOf } from './conflict-set.ts'
import { recordNogood } from './nogoods.ts'
import { isRuledOut } from './ruled-out.ts'
import type { Frame, PlanSearch } from './state.ts'

/** Why nothing fills this gap: what ruled choices out, and what made others impossible. */
export function explainExhausted(search: PlanSearch, frame: Frame, budget: Budget): Conflict {
  const conflict = frame.conflict
  for (const classId of candidatesOf(search, frame)) {
    const next = nextOf(search, frame, classId)
    const op = search.ops[next ?? search.classes.members[classId]?.[0] ?? -1]
    if (op === undefined || isIneligible(search, frame, op)) continue
    if (next === undefined) addDecisionsUsing(search, frame, classId)
    else {
      const cells = findConflict(op, search.store, frameRevision(frame) - 1)
      addCellDecisions(search, cells, conflict)
    }
  }
  const mustBeFilled = frame.gap.mayPrecede && !mayStayEmpty(search, frame)
  if (mustBeFilled) addTag(conflict, frame.index - 1, tagOf('empty'))
  recordNogood(search, frame, conflict, budget)
  return conflict
}

/** Earlier gaps use every op of the class that was invoked in time. */
function addDecisionsUsing(search: PlanSearch, frame: Frame, classId: number): void {
  const members = search.classes.members[classId] ?? []
  for (const op of members.slice(0, search.usedOf[classId] ?? 0)) {
    addTag(frame.conflict, search.usedBy[op] ?? -1, tagOf('op', op))
  }
}

/** It cannot fill the gap whatever the decisions before are, or a contradiction ruled it out. */
function isIneligible(search: PlanSearch, frame: Frame, op: EtcdOp): boolean {
  const owner = search.ownerOf[op.id] ?? -1
  if (owner >= 0 && search.gaps[owner] !== frame.gap) return true
  if (op.revision >= 0 && op.revision !== frameRevision(frame)) return true
  if (2 * frameRevision(frame) >= (search.deadlines[op.id] ?? 0)) return true
  if (!frame.gap.pins.every((pin) => mayWrite(op, pin))) return true
  if (op.txn !== undefined) return false
  if (isClosed(search.facts, op.key, frameRevision(frame))) return true
  const value = op.f === 'delete' ? null : op.value
  const cell = value === null ? missingCell : { ...missingCell, value, mod: frameRevision(frame) }
  return isRuledOut(search, frame, { op: op.id, writes: [{ key: op.key, cell }] })
}
