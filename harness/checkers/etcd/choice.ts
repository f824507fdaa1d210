import { type Frame, type Pattern, tagKinds, tagOf, type Walk } from './backtracking-state.ts'
import { isClosed } from './facts.ts'
import { lookAhead, nextNode } from './look-ahead.ts'
import { attempt, cellOf, type EtcdOp, type Value, type Write, type Writes } from './model.ts'

/** What fills one revision: an unknown op, or -1 for none of ours. */
export interface Choice {
  readonly op: number
  readonly writes: Writes
}

export const none: Choice = { op: -1, writes: [] }

const due = 1.5

/** How many writers of a key are looked at when none is wanted there. */
const glance = 4

/** The likeliest choice; undefined = there is none. */
export function chooseFirst(walk: Walk, frame: Frame): Choice | undefined {
  const { gap } = frame
  if (gap.pins.length > 0) return chooseAgain(walk, frame)
  const best = new Best(walk, frame)
  if (mayBeNone(walk, frame)) best.offer(none)
  for (const key of walk.writtenKeys) {
    if (isClosed(walk.facts, key, revisionOf(frame))) continue
    const isWanted = wishAt(walk, frame, key) === 'unmet'
    let looked = 0
    for (const classId of walk.classes.byKey[key] ?? []) {
      const id = nextOf(walk, frame, classId)
      if (id === undefined) continue
      const writes = effect(walk, frame, id)
      if (writes === undefined) continue
      best.offer({ op: id, writes })
      if (!isWanted && ++looked >= glance) break
    }
  }
  return best.choice ?? chooseAgain(walk, frame)
}

/** The likeliest of all choices that nothing has ruled out yet. */
export function chooseAgain(walk: Walk, frame: Frame): Choice | undefined {
  const best = new Best(walk, frame)
  const offer = (choice: Choice) => {
    if (!isRuledOut(walk, frame, choice)) best.offer(choice)
  }
  if (mayBeNone(walk, frame)) offer(none)
  for (const classId of candidatesOf(walk, frame)) {
    const id = nextOf(walk, frame, classId)
    if (id === undefined) continue
    const writes = effect(walk, frame, id)
    if (writes !== undefined) offer({ op: id, writes })
  }
  return best.choice
}

/** The first of the class that is not used and was asked for in time. */
export function nextOf(walk: Walk, frame: Frame, classId: number): number | undefined {
  const next = walk.classes.members[classId]?.[walk.usedOf[classId] ?? 0]
  if (next === undefined) return undefined
  return (walk.slots.lowest[next] ?? 0) <= 2 * revisionOf(frame) ? next : undefined
}

/**
 * Classes of unknown ops that could fill the gap. Once choices have been ruled out for what they
 * did to some keys, only writers of those keys are left to try.
 */
export function candidatesOf(walk: Walk, { gap, ruledOut }: Frame): readonly number[] {
  const { byKey } = walk.classes
  const [pin] = gap.pins
  let candidates = pin === undefined ? walk.allClasses : (byKey[pin.key] ?? [])
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

export function revisionOf({ gap, offset }: Frame): number {
  return gap.revision + offset
}

/** Nothing of ours: somebody else wrote, or the history begins later. */
export function mayBeNone(walk: Walk, frame: Frame): boolean {
  if (frame.gap.mayBeEmpty) return true
  if (!frame.gap.mayPrecede) return false
  const before = walk.frames[frame.index - 1]
  return before === undefined || before.choice.op < 0
}

/** What the unknown op would write here; undefined = it cannot be here as things stand. */
function effect(walk: Walk, frame: Frame, id: number): Writes | undefined {
  const op = walk.ops[id]
  const owner = walk.ownerOf[id] ?? -1
  if (op !== undefined && op.revision >= 0 && op.revision !== revisionOf(frame)) return undefined
  if (op === undefined || (walk.usedBy[id] ?? -1) >= 0) return undefined
  if (owner >= 0 && walk.gaps[owner] !== frame.gap) return undefined
  if (2 * revisionOf(frame) >= (walk.before[id] ?? 0)) return undefined
  const writes = attempt(op, walk.store, revisionOf(frame) - 1)
  if (writes === undefined || writes.length === 0) return undefined
  return isAllowed(walk, frame, writes) ? writes : undefined
}

/** Whether nothing that was seen speaks against these writes at this revision. */
export function isAllowed(walk: Walk, frame: Frame, writes: Writes): boolean {
  const revision = revisionOf(frame)
  if (writes.some(({ key }) => isClosed(walk.facts, key, revision))) return false
  return frame.gap.pins.every((pin) => {
    const put = writes.findLast(({ key }) => key === pin.key)?.cell
    if (put === undefined || put.value === null) return false
    return pin.value === undefined || pin.value === put.value
  })
}

export function isRuledOut(walk: Walk, frame: Frame, choice: Choice): boolean {
  return frame.ruledOut.some((pattern) => matches(walk, pattern, choice))
}

/** Alike in all that the contradiction was about. */
function matches(walk: Walk, { tags, choice: past }: Pattern, choice: Choice): boolean {
  if (tags.has(tagOf('none')) && choice.op < 0 !== past.op < 0) return false
  if (choice.op !== past.op) {
    if (choice.op >= 0 && tags.has(tagOf('op', choice.op))) return false
    if (past.op >= 0 && tags.has(tagOf('op', past.op))) return false
  }
  const isAlike = ({ key }: Write) => {
    const one = contentOf(walk, choice, key)
    const other = contentOf(walk, past, key)
    if (tags.has(tagOf('content', key)) && one !== other) return false
    if (!tags.has(tagOf('presence', key))) return true
    const before = cellOf(walk.store, key).value
    return (
      ((one === undefined ? before : one) === null) ===
      ((other === undefined ? before : other) === null)
    )
  }
  return choice.writes.every(isAlike) && past.writes.every(isAlike)
}

function contentOf({ classes }: Walk, { writes }: Choice, key: number): Value | undefined {
  const value = writes.findLast((write) => write.key === key)?.cell.value
  return value === undefined ? undefined : classes.seenAs(key, value)
}

function wishAt(walk: Walk, frame: Frame, key: number) {
  const next = nextNode(walk.timeline, key, frame.node)
  return lookAhead(opAt(walk, next), key, cellOf(walk.store, key), walk.store)
}

function opAt(walk: Walk, node: number): EtcdOp | undefined {
  return walk.ops[walk.nodes[node] ?? -1]
}

/** Keeps the best offer: first what something later waits for, then what harms nothing. */
class Best {
  choice: Choice | undefined
  private rank = Infinity
  private readonly walk: Walk
  private readonly frame: Frame

  constructor(walk: Walk, frame: Frame) {
    this.walk = walk
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
      const next = nextNode(this.walk.timeline, key, this.frame.node)
      const wanted = opAt(this.walk, next)
      const before = lookAhead(wanted, key, cellOf(this.walk.store, key), this.walk.store)
      const after = lookAhead(wanted, key, cell, this.walk.store)
      if (after === 'unmet') worst = Math.max(worst, before === 'unmet' ? 5 : 6)
      else if (before === 'unmet') worst = Math.max(worst, 1 - 1 / (1 + next))
      else worst = Math.max(worst, after === 'anything' ? 3 : 4)
    }
    const isDue = (this.walk.before[op] ?? Infinity) < Infinity && worst < 5
    if (isDue) return Math.min(worst, due)
    return worst + (this.walk.isPinnedContent[op] === 1 ? 0.5 : 0)
  }
}
