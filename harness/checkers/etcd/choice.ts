import { type Frame, type Pattern, type PlanSearch, tagKinds, tagOf } from './backtracking-state.ts'
import { isClosed } from './facts.ts'
import { lookAhead, nextNode } from './look-ahead.ts'
import { attempt, cellOf, type EtcdOp, type Value, type Write, type Writes } from './model.ts'

/** What fills one revision: an unknown op, or -1 for none of ours. */
export interface Choice {
  readonly op: number
  readonly writes: Writes
}

export const emptyChoice: Choice = { op: -1, writes: [] }

const dueRank = 1.5

/** How many writers of a key are looked at when none is wanted there. */
const mostLooked = 4

/** The likeliest choice; undefined = there is none. */
export function chooseFirst(search: PlanSearch, frame: Frame): Choice | undefined {
  const { gap } = frame
  if (gap.pins.length > 0) return chooseAgain(search, frame)
  const best = new BestChoice(search, frame)
  if (mayStayEmpty(search, frame)) best.offer(emptyChoice)
  for (const key of search.writtenKeys) {
    if (isClosed(search.facts, key, frameRevision(frame))) continue
    const isWanted = lookAheadAt(search, frame, key) === 'unmet'
    let looked = 0
    for (const classId of search.classes.byKey[key] ?? []) {
      const id = nextOf(search, frame, classId)
      if (id === undefined) continue
      const writes = effect(search, frame, id)
      if (writes === undefined) continue
      best.offer({ op: id, writes })
      if (!isWanted && ++looked >= mostLooked) break
    }
  }
  return best.choice ?? chooseAgain(search, frame)
}

/** The likeliest of all choices that nothing has ruled out yet. */
export function chooseAgain(search: PlanSearch, frame: Frame): Choice | undefined {
  const best = new BestChoice(search, frame)
  const offer = (choice: Choice) => {
    if (!isRuledOut(search, frame, choice)) best.offer(choice)
  }
  if (mayStayEmpty(search, frame)) offer(emptyChoice)
  for (const classId of candidatesOf(search, frame)) {
    const id = nextOf(search, frame, classId)
    if (id === undefined) continue
    const writes = effect(search, frame, id)
    if (writes !== undefined) offer({ op: id, writes })
  }
  return best.choice
}

/** The first of the class that is not used and was asked for in time. */
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
  for (const pattern of ruledOut) {
    const keys = keysConcerned(pattern)
    if (keys === undefined) continue
    const classes = keys.map((key) => byKey[key] ?? [])
    const total = classes.reduce((sum, { length }) => sum + length, 0)
    if (total < candidates.length) candidates = [...new Set(classes.flat())]
  }
  return candidates
}

/** The keys that any other choice has to write; undefined when it may differ in other ways. */
function keysConcerned({ tags, choice }: Pattern): number[] | undefined {
  const keys: number[] = []
  for (const tag of tags) {
    if ((tag & 3) >= tagKinds.op) return undefined
    keys.push(tag >> 2)
  }
  return choice.writes.some(({ key }) => keys.includes(key)) ? undefined : keys
}

export function frameRevision({ gap, offset }: Frame): number {
  return gap.revision + offset
}

/** Nothing of ours: somebody else wrote, or the history begins later. */
export function mayStayEmpty(search: PlanSearch, frame: Frame): boolean {
  if (frame.gap.mayBeEmpty) return true
  if (!frame.gap.mayPrecede) return false
  const before = search.frames[frame.index - 1]
  return before === undefined || before.choice.op < 0
}

/** What the unknown op would write here; undefined = it cannot be here as things stand. */
function effect(search: PlanSearch, frame: Frame, id: number): Writes | undefined {
  const op = search.ops[id]
  const owner = search.ownerOf[id] ?? -1
  if (op !== undefined && op.revision >= 0 && op.revision !== frameRevision(frame)) return undefined
  if (op === undefined || (search.usedBy[id] ?? -1) >= 0) return undefined
  if (owner >= 0 && search.gaps[owner] !== frame.gap) return undefined
  if (2 * frameRevision(frame) >= (search.before[id] ?? 0)) return undefined
  const writes = attempt(op, search.store, frameRevision(frame) - 1)
  if (writes === undefined || writes.length === 0) return undefined
  return isAllowed(search, frame, writes) ? writes : undefined
}

/** Whether nothing that was seen speaks against these writes at this revision. */
export function isAllowed(search: PlanSearch, frame: Frame, writes: Writes): boolean {
  const revision = frameRevision(frame)
  if (writes.some(({ key }) => isClosed(search.facts, key, revision))) return false
  return frame.gap.pins.every((pin) => {
    const put = writes.findLast(({ key }) => key === pin.key)?.cell
    if (put === undefined || put.value === null) return false
    return pin.value === undefined || pin.value === put.value
  })
}

export function isRuledOut(search: PlanSearch, frame: Frame, choice: Choice): boolean {
  return frame.ruledOut.some((pattern) => matches(search, pattern, choice))
}

/** Alike in all that the contradiction was about. */
function matches(search: PlanSearch, { tags, choice: past }: Pattern, choice: Choice): boolean {
  if (tags.has(tagOf('empty')) && choice.op < 0 !== past.op < 0) return false
  if (choice.op !== past.op) {
    if (choice.op >= 0 && tags.has(tagOf('op', choice.op))) return false
    if (past.op >= 0 && tags.has(tagOf('op', past.op))) return false
  }
  const isAlike = ({ key }: Write) => {
    const one = contentOf(search, choice, key)
    const other = contentOf(search, past, key)
    if (tags.has(tagOf('content', key)) && one !== other) return false
    if (!tags.has(tagOf('presence', key))) return true
    const before = cellOf(search.store, key).value
    return (
      ((one === undefined ? before : one) === null) ===
      ((other === undefined ? before : other) === null)
    )
  }
  return choice.writes.every(isAlike) && past.writes.every(isAlike)
}

function contentOf({ classes }: PlanSearch, { writes }: Choice, key: number): Value | undefined {
  const value = writes.findLast((write) => write.key === key)?.cell.value
  return value === undefined ? undefined : classes.seenAs(key, value)
}

function lookAheadAt(search: PlanSearch, frame: Frame, key: number) {
  const next = nextNode(search.timeline, key, frame.node)
  return lookAhead(opAt(search, next), key, cellOf(search.store, key), search.store)
}

function opAt(search: PlanSearch, node: number): EtcdOp | undefined {
  return search.ops[search.nodes[node] ?? -1]
}

/** Keeps the best offer: first what something later waits for, then what harms nothing. */
class BestChoice {
  choice: Choice | undefined
  private rank = Infinity
  private readonly search: PlanSearch
  private readonly frame: Frame

  constructor(search: PlanSearch, frame: Frame) {
    this.search = search
    this.frame = frame
  }

  offer(choice: Choice): void {
    const rank = this.rankOf(choice)
    if (rank >= this.rank) return
    this.rank = rank
    this.choice = choice
  }

  /** 0…1 wanted, the sooner the lower; 1.5 has to happen soon; 2 none; 3…4 harmless; 5 useless; 6 harmful. */
  private rankOf({ op, writes }: Choice): number {
    if (op < 0) return 2
    let worst = 0
    for (const { key, cell } of writes) {
      const next = nextNode(this.search.timeline, key, this.frame.node)
      const wanted = opAt(this.search, next)
      const before = lookAhead(wanted, key, cellOf(this.search.store, key), this.search.store)
      const after = lookAhead(wanted, key, cell, this.search.store)
      if (after === 'unmet') worst = Math.max(worst, before === 'unmet' ? 5 : 6)
      else if (before === 'unmet') worst = Math.max(worst, 1 - 1 / (1 + next))
      else worst = Math.max(worst, after === 'anything' ? 3 : 4)
    }
    const isDue = (this.search.before[op] ?? Infinity) < Infinity && worst < 5
    if (isDue) return Math.min(worst, dueRank)
    return worst + (this.search.isPinnedContent[op] === 1 ? 0.5 : 0)
  }
}
