import { isClosed } from '../facts.ts'
import { attempt } from '../model.ts'
import type { Writes } from '../operation.ts'
import { type BestChoice, lookAheadAt, offerChoice } from './choice-rank.ts'
import { isRuledOut, keysConcerned } from './ruled-out.ts'
import type { Frame, PlanSearch } from './state.ts'

/** What fills one revision: an unknown op; -1 = no recorded operation. */
export interface Choice {
  readonly op: number
  readonly writes: Writes
}

/** Another client wrote here, or the history begins later. */
export const emptyChoice: Choice = { op: -1, writes: [] }

/** At most so many writers of a key are offered when no later answer waits for one. */
const mostOffered = 4

/** The most promising choice; undefined = there is none. */
export function chooseFirst(search: PlanSearch, frame: Frame): Choice | undefined {
  const { gap } = frame
  if (gap.pins.length > 0) return chooseAgain(search, frame)
  const best: BestChoice = { choice: undefined, rank: Infinity }
  if (mayStayEmpty(search, frame)) offerChoice(best, search, frame, emptyChoice)
  for (const key of search.writtenKeys) {
    if (isClosed(search.facts, key, frameRevision(frame))) continue
    const isWanted = lookAheadAt(search, frame, key) === 'unmet'
    let offered = 0
    for (const classId of search.classes.byKey[key] ?? []) {
      const id = nextOf(search, frame, classId)
      if (id === undefined) continue
      const writes = writesAt(search, frame, id)
      if (writes === undefined) continue
      offerChoice(best, search, frame, { op: id, writes })
      if (!isWanted && ++offered >= mostOffered) break
    }
  }
  return best.choice ?? chooseAgain(search, frame)
}

/** The most promising of all choices that no contradiction has ruled out yet. */
export function chooseAgain(search: PlanSearch, frame: Frame): Choice | undefined {
  const best: BestChoice = { choice: undefined, rank: Infinity }
  const offer = (choice: Choice) => {
    if (!isRuledOut(search, frame, choice)) offerChoice(best, search, frame, choice)
  }
  if (mayStayEmpty(search, frame)) offer(emptyChoice)
  for (const classId of candidatesOf(search, frame)) {
    const id = nextOf(search, frame, classId)
    if (id === undefined) continue
    const writes = writesAt(search, frame, id)
    if (writes !== undefined) offer({ op: id, writes })
  }
  return best.choice
}

/** The first op of the class that is unused and was invoked in time. */
export function nextOf(search: PlanSearch, frame: Frame, classId: number): number | undefined {
  const next = search.classes.members[classId]?.[search.usedOf[classId] ?? 0]
  if (next === undefined) return undefined
  return (search.slots.lowest[next] ?? 0) <= 2 * frameRevision(frame) ? next : undefined
}

/**
 * Classes of unknown ops that could fill the gap. Once choices have been ruled out for what they
 * did to some keys, only writers of those keys are left to try.
 */
export function candidatesOf(search: PlanSearch, { gap, ruledOut }: Frame): readonly number[] {
  const { byKey } = search.classes
  const [pin] = gap.pins
  let candidates = pin === undefined ? search.allClasses : (byKey[pin.key] ?? [])
  for (const past of ruledOut) {
    const keys = keysConcerned(past)
    if (keys === undefined) continue
    const classes = keys.map((key) => byKey[key] ?? [])
    const total = classes.reduce((sum, { length }) => sum + length, 0)
    if (total < candidates.length) candidates = [...new Set(classes.flat())]
  }
  return candidates
}

export function frameRevision({ gap, offset }: Frame): number {
  return gap.revision + offset
}

/** Whether no recorded operation has to fill it: others write too, or the history begins later. */
export function mayStayEmpty(search: PlanSearch, frame: Frame): boolean {
  if (frame.gap.mayBeEmpty) return true
  if (!frame.gap.mayPrecede) return false
  const before = search.frames[frame.index - 1]
  return before === undefined || before.choice.op < 0
}

/** What the unknown op would write here; undefined = it cannot be here in this state. */
function writesAt(search: PlanSearch, frame: Frame, id: number): Writes | undefined {
  const op = search.ops[id]
  const owner = search.ownerOf[id] ?? -1
  if (op !== undefined && op.revision >= 0 && op.revision !== frameRevision(frame)) return undefined
  if (op === undefined || (search.usedBy[id] ?? -1) >= 0) return undefined
  if (owner >= 0 && search.gaps[owner] !== frame.gap) return undefined
  if (2 * frameRevision(frame) >= (search.deadlines[id] ?? 0)) return undefined
  const writes = attempt(op, search.store, frameRevision(frame) - 1)
  if (writes === undefined || writes.length === 0) return undefined
  return isAllowed(search, frame, writes) ? writes : undefined
}

/** Whether all answers allow these writes at this revision. */
function isAllowed(search: PlanSearch, frame: Frame, writes: Writes): boolean {
  const revision = frameRevision(frame)
  if (writes.some(({ key }) => isClosed(search.facts, key, revision))) return false
  return frame.gap.pins.every((pin) => {
    const written = writes.findLast(({ key }) => key === pin.key)?.cell
    if (written === undefined || written.value === null) return false
    return pin.value === undefined || pin.value === written.value
  })
}
