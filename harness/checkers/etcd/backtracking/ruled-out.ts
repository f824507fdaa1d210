import { cellOf } from '../model.ts'
import type { Value, Write } from '../operation.ts'
import type { Choice } from './choice.ts'
import { tagKinds, tagOf } from './conflict-set.ts'
import type { Frame, PlanSearch, RuledOut } from './state.ts'

/** Whether a contradiction that ruled out an earlier choice rules out this one too. */
export function isRuledOut(search: PlanSearch, frame: Frame, choice: Choice): boolean {
  return frame.ruledOut.some((past) => isAlike(search, past, choice))
}

/** Whether both are alike in all that the contradiction was about. */
function isAlike(search: PlanSearch, { tags, choice: past }: RuledOut, choice: Choice): boolean {
  if (tags.has(tagOf('empty')) && choice.op < 0 !== past.op < 0) return false
  if (choice.op !== past.op) {
    if (choice.op >= 0 && tags.has(tagOf('op', choice.op))) return false
    if (past.op >= 0 && tags.has(tagOf('op', past.op))) return false
  }
  const isAlikeAt = ({ key }: Write) => {
    const one = contentOf(search, choice, key)
    const other = contentOf(search, past, key)
    if (tags.has(tagOf('content', key)) && one !== other) return false
    if (!tags.has(tagOf('presence', key))) return true
    const before = cellOf(search.store, key).value
    const held = one === undefined ? before : one
    const otherHeld = other === undefined ? before : other
    return (held === null) === (otherHeld === null)
  }
  return choice.writes.every(isAlikeAt) && past.writes.every(isAlikeAt)
}

function contentOf({ classes }: PlanSearch, { writes }: Choice, key: number): Value | undefined {
  const value = writes.findLast((write) => write.key === key)?.cell.value
  return value === undefined ? undefined : classes.seenAs(key, value)
}

/** The keys that any other choice has to write; undefined when it may differ in other ways. */
export function keysConcerned({ tags, choice }: RuledOut): number[] | undefined {
  const keys: number[] = []
  for (const tag of tags) {
    if ((tag & 3) >= tagKinds.op) return undefined
    keys.push(tag >> 2)
  }
  return choice.writes.some(({ key }) => keys.includes(key)) ? undefined : keys
}
