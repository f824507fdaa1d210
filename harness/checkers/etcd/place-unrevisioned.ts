import { formatCell, formatRequest, formatValue, shorten } from '../verdict/format.ts'
import type { PlanSearch } from './backtracking/state.ts'
import type { CompiledHistory } from './compile/history.ts'
import { keyName } from './compile/history.ts'
import { isAnswered, leastAfter } from './deadlines.ts'
import { isClosed } from './facts.ts'
import { keysAccessed } from './keys-accessed.ts'
import { attempt } from './model.ts'
import { type Cell, type EtcdOp, missingCell } from './operation.ts'
import type { Gap } from './plan.ts'
import { changesWithin, type Replay, replay, storeAt, type Version, versionAt } from './replay.ts'
import { doesWrite, type Slots } from './slots.ts'
import type { Violation } from './violation.ts'

/** `undecided`: this order does not explain the whole history; another one may. */
export type Fit = 'fits' | 'undecided' | Violation

/**
 * Whether the order that was found for the relaxed history is one for the whole history: every
 * answer without a revision gets the earliest place at which it is right, in the order of
 * invocation. That is a proof. A violation is one too: in every order the key held nothing else
 * while the read was open.
 */
export function placeUnrevisioned(
  compiled: CompiledHistory,
  slots: Slots,
  search: PlanSearch,
): Fit {
  if (compiled.hasForeignWrites) return 'undecided'
  const late = search.ops.filter(
    (op) => isAnswered(op) && doesWrite(op) === true && (search.usedBy[op.id] ?? -1) < 0,
  )
  const found = replay(search, compiled, late)
  if (found === undefined) return 'undecided'
  const createdAt = ({ source }: EtcdOp) => found.createdBy.get(source.invokeIndex) ?? -1
  const nextCreated = leastAfter(compiled.ops, createdAt)
  const isInOrder = compiled.ops.every(
    (op) => createdAt(op) < 0 || nextCreated(op.source.completeIndex) > createdAt(op),
  )
  const nextKnown = leastAfter(compiled.ops, (op) => {
    return op.isStale ? -1 : (slots.slots[op.id] ?? -1)
  })
  const context = { compiled, slots, search, found, createdAt, nextCreated, nextKnown }
  const misfit = isInOrder ? firstMisfit(context) : undefined
  if (misfit !== undefined) return findCertainViolation(context, misfit) ?? 'undecided'
  return isInOrder ? 'fits' : 'undecided'
}

interface PlacingContext {
  readonly compiled: CompiledHistory
  readonly slots: Slots
  readonly search: PlanSearch
  readonly found: Replay
  readonly createdAt: (op: EtcdOp) => number
  /** By event: the least revision, or slot, of the ops that were invoked after it. */
  readonly nextCreated: (event: number) => number
  readonly nextKnown: (event: number) => number
}

interface Bounds {
  readonly low: number
  readonly high: number
}

/** The first op without a slot that finds no place; undefined = all have one. */
function firstMisfit(context: PlacingContext): EtcdOp | undefined {
  const { compiled, slots, found, createdAt } = context
  const unrevisioned = compiled.ops.filter(
    ({ id, isKnown }) => isKnown && (slots.slots[id] ?? -1) < 0,
  )
  const completed = unrevisioned.toSorted(
    (one, other) => one.source.completeIndex - other.source.completeIndex,
  )
  const placeOf = new Map<EtcdOp, number>()
  let next = 0
  let reached = found.start
  for (const op of unrevisioned) {
    const { invokeIndex } = op.source
    for (; (completed[next]?.source.completeIndex ?? Infinity) < invokeIndex; next++) {
      reached = Math.max(reached, placeOf.get(completed[next] as EtcdOp) ?? reached)
    }
    const created = createdAt(op)
    const place = created >= 0 ? created : placeWithin(op, found, boundsOf(context, op, reached))
    const isTooEarly =
      created >= 0 && (created <= reached || created <= revisionWhenAsked(slots, op))
    if (place === undefined || isTooEarly) return op
    placeOf.set(op, place)
  }
  return undefined
}

/** The store's revision when the op was invoked. */
function revisionWhenAsked({ lowest }: Slots, { id }: EtcdOp): number {
  return Math.floor((lowest[id] ?? 0) / 2)
}

function boundsOf(context: PlacingContext, op: EtcdOp, reached: number): Bounds {
  const { slots, found, nextCreated, nextKnown } = context
  const { completeIndex } = op.source
  const known = Math.floor((nextKnown(completeIndex) - 1) / 2)
  return {
    low: op.isStale ? found.start : Math.max(reached, revisionWhenAsked(slots, op)),
    high: Math.min(found.top, known, nextCreated(completeIndex) - 1),
  }
}

/** The first revision at which the answer is right and nothing is written. */
function placeWithin(op: EtcdOp, found: Replay, bounds: Bounds): number | undefined {
  if (bounds.low > bounds.high) return undefined
  const keys = keysAccessed(op)
  const { revision } = op
  const isPossible = (at: number) =>
    at >= bounds.low && at <= bounds.high && attempt(op, storeAt(found, keys, at), at)?.length === 0
  if (revision >= 0) return isPossible(revision) ? revision : undefined
  return changesWithin(found, keys, bounds).find(isPossible)
}

/** A violation when no unknown write can have come in between in any order. */
function findCertainViolation(context: PlacingContext, op: EtcdOp): Violation | undefined {
  const { compiled, slots, search, found, nextKnown } = context
  if (op.f !== 'get' || op.isStale) return undefined
  const high = Math.floor((nextKnown(op.source.completeIndex) - 1) / 2)
  const bounds = { low: revisionWhenAsked(slots, op), high: Math.min(high, found.top) }
  const isOver = high < Infinity || (search.writers[op.key] ?? []).length === 0
  const isKnown = isOver && bounds.low >= found.start && bounds.low <= bounds.high
  if (!isKnown || placeWithin(op, found, bounds) !== undefined) return undefined
  const version = versionAt(found, op.key, bounds.low)
  if (!isCertain(search, version, op.key, bounds.high)) return undefined
  const held = changesWithin(found, [op.key], bounds).map((at) =>
    formatHeld(storeAt(found, [op.key], at)[op.key] ?? missingCell),
  )
  const name = shorten(keyName(compiled, op.key))
  const expected = `${name} was ${held.slice(0, 3).join(', then ')} during the read, at revisions ${bounds.low} to ${bounds.high}`
  const mod = op.seenMod < 0 ? '' : ` (modRevision ${op.seenMod})`
  const seen = op.seen === undefined ? mod : `${formatValue(op.seen)}${mod}`
  const answered = `${formatRequest(op.source)} answered ${seen} without a revision`
  return {
    code: 'wrong-answer',
    reason: `${answered}; ${expected}`,
    partition: keyName(compiled, op.key),
    culprit: op,
    involved: [op],
    expected,
    found: answered,
  }
}

const formatHeld = ({ value, mod }: Cell) => formatCell({ value, mod })

/** Whether no unknown write of the key fits after this version, up to a revision. */
function isCertain(search: PlanSearch, { since }: Version, key: number, until: number): boolean {
  const [first] = search.writers[key] ?? []
  if (first === undefined) return true
  const isPinned = ({ pins }: Gap) => pins.some((pin) => pin.key === key && pin.value !== undefined)
  return search.gaps.every((gap) => {
    const { revision } = gap
    if (revision < since || revision > until || isPinned(gap)) return true
    if (revision === since) return false
    return (search.slots.lowest[first] ?? 0) > 2 * revision || isClosed(search.facts, key, revision)
  })
}
