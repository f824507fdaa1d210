import type { Verdict } from '../checker.ts'
import { type Budget, openBudget, type Share } from './budget.ts'
import type { CompiledHistory } from './compile.ts'
import { collectFacts, type Facts } from './facts.ts'
import { attempt, type EtcdOp } from './model.ts'
import { leastStart, startBound, topOf } from './plan.ts'
import { doesWrite, type Slots } from './slots.ts'
import { checkerName, formatOperation, prefixShown, violationVerdict } from './violation.ts'
import {
  type Checkpoint,
  checkpointOf,
  effectOf,
  type OrderSearch,
  place,
  restore,
  startOrderSearch,
  windowOf,
} from './wing-gong-state.ts'
import { type Successor, stateKey, successorsOf } from './wing-gong-successors.ts'

interface Branch {
  readonly successors: readonly Successor[]
  at: number
  readonly checkpoint: Checkpoint
  readonly key: string
}

interface DeepestState {
  left: number
  placed: readonly number[]
  unplaced: EtcdOp | undefined
}

/**
 * The general search, for histories in which some answer does not tell its place: tries the orders
 * that real time allows, one write at a time, and remembers the states that led nowhere. Exact;
 * exponential at worst, and then `unknown`.
 */
export function searchOrders(compiled: CompiledHistory, slots: Slots, limits?: Share): Verdict {
  const budget = openBudget(limits)
  const facts = collectFacts(compiled, slots)
  const failed = new Set<string>()
  const deepest: DeepestState = { left: Infinity, placed: [], unplaced: undefined }
  for (const start of startsOf(compiled, slots, facts)) {
    const state = startOrderSearch(compiled, slots, facts)
    state.revision = start
    const found = searchFrom(state, { budget, failed, deepest })
    const { operations } = compiled
    if (found === 'valid') return { checker: checkerName, verdict: 'valid', operations }
    if (found === 'unknown') {
      const reason = `${budget.reason}: ${deepest.left} of ${operations} operations without a place`
      return { checker: checkerName, verdict: 'unknown', reason, operations }
    }
  }
  return findOrderViolation(compiled, deepest)
}

/** The revisions at which the history can have begun, the greatest first. */
function startsOf(compiled: CompiledHistory, slots: Slots, facts: Facts): number[] {
  if (compiled.initialRevision >= 0) return [compiled.initialRevision]
  const least = leastStart(compiled)
  const unrevisioned = compiled.ops.filter(({ id }) => (slots.slots[id] ?? -1) < 0)
  const named = unrevisioned.flatMap(({ revision, isStale }) =>
    revision >= 0 && !isStale ? [revision] : [],
  )
  const most = named.reduce(
    (one, other) => Math.min(one, other),
    startBound(compiled, slots, facts),
  )
  if (most === Infinity) {
    return unboundStarts(compiled, { least, top: topOf(slots, facts), room: unrevisioned.length })
  }
  if (compiled.hasForeignWrites) return [least]
  const lowest = Math.max(least, most - unrevisioned.length)
  return Array.from({ length: Math.max(0, most - lowest + 1) }, (_, down) => most - down)
}

/** Only reads of the past name revisions, or what transactions compare and see: starts around those. */
function unboundStarts(
  { ops }: CompiledHistory,
  { least, top, room }: { readonly least: number; readonly top: number; readonly room: number },
): number[] {
  const named = ops.flatMap(({ txn }) => [
    ...(txn?.compare ?? []).flatMap(({ target, operand }) =>
      target === 'mod' ? [Number(operand)] : [],
    ),
    ...(txn?.answers ?? []).flatMap((answer) =>
      typeof answer === 'object' && answer !== null && answer.mod >= 0 ? [answer.mod] : [],
    ),
  ])
  const starts = new Set([least])
  for (const revision of [...named, top]) {
    for (let away = -room - 1; away <= 1; away++) starts.add(revision + away)
  }
  return [...starts].filter((start) => start >= least)
}

interface Run {
  readonly budget: Budget
  readonly failed: Set<string>
  readonly deepest: DeepestState
}

function searchFrom(state: OrderSearch, run: Run): 'valid' | 'invalid' | 'unknown' {
  const branches: Branch[] = []
  let isAlive = readPast(state) && settleReads(state)
  for (;;) {
    if (run.budget.isSpent()) return 'unknown'
    if (isAlive && state.left === 0) return 'valid'
    noteDeepest(run.deepest, state)
    const next = isAlive ? branchHere(state, run) : undefined
    if (next !== undefined) branches.push(next)
    const successor = nextSuccessor(state, branches, run)
    if (successor === undefined) return 'invalid'
    isAlive = take(state, successor) && settleReads(state)
  }
}

function branchHere(state: OrderSearch, { budget, failed }: Run): Branch | undefined {
  const successors = successorsOf(state)
  if (successors.length === 0) return undefined
  const key = successors.length === 1 ? '' : stateKey(state)
  if (key !== '' && failed.has(key)) return undefined
  budget.hold(0)
  return { successors, at: 0, checkpoint: checkpointOf(state), key }
}

function nextSuccessor(state: OrderSearch, branches: Branch[], run: Run): Successor | undefined {
  for (;;) {
    const branch = branches.at(-1)
    if (branch === undefined) return undefined
    restore(state, branch.checkpoint)
    const successor = branch.successors[branch.at++]
    if (successor !== undefined) return successor
    if (branch.key !== '' && !run.failed.has(branch.key)) {
      run.failed.add(branch.key)
      run.budget.hold(2 * branch.key.length + 64)
    }
    branches.pop()
  }
}

function take(state: OrderSearch, { op, writes, revision }: Successor): boolean {
  if (op === undefined) state.revision = revision
  else place(state, op, writes)
  return true
}

/** Serializable reads from before the start see what was there at the start. */
function readPast(state: OrderSearch): boolean {
  for (const [revision, reads] of state.staleAt) {
    if (revision >= state.revision) continue
    for (const op of reads) {
      if (attempt(op, state.store, revision) === undefined) return false
      place(state, op, [])
    }
  }
  const pasts = new Set(state.store.map(({ mod }) => mod - 1))
  for (const op of state.staleAnywhere) {
    const fits = [...pasts].some(
      (past) => past >= 0 && past <= state.revision && attempt(op, state.store, past) !== undefined,
    )
    if (fits) place(state, op, [])
  }
  return true
}

/**
 * Places every read that fits. None is lost by that: it may be now, changes nothing, and whatever
 * had to come before it has. False when a read of this very revision does not fit.
 */
function settleReads(state: OrderSearch): boolean {
  for (const op of state.staleAt.get(state.revision) ?? []) {
    if (state.placed[op.id] === 1) continue
    if (attempt(op, state.store, state.revision) === undefined) return false
    place(state, op, [])
  }
  for (const op of state.staleAnywhere) {
    if (state.placed[op.id] === 0 && effectOf(state, op) !== undefined) place(state, op, [])
  }
  for (let isNew = true; isNew; ) {
    isNew = false
    for (const op of windowOf(state)) {
      if (doesWrite(op) !== false || effectOf(state, op) === undefined) continue
      place(state, op, [])
      isNew = true
    }
  }
  return true
}

function noteDeepest(deepest: DeepestState, state: OrderSearch): void {
  if (state.left >= deepest.left) return
  deepest.left = state.left
  deepest.unplaced = windowOf(state).sort(
    (one, other) => one.source.completeIndex - other.source.completeIndex,
  )[0]
  deepest.placed = state.trail
    .flatMap((undo) => ('op' in undo ? [undo.op] : []))
    .slice(-prefixShown)
}

function findOrderViolation(
  compiled: CompiledHistory,
  { unplaced, placed }: DeepestState,
): Verdict {
  const what = unplaced === undefined ? 'the operations' : formatOperation(compiled, unplaced)
  const key =
    unplaced === undefined || unplaced.key < 0 ? 'store' : (compiled.keys[unplaced.key] ?? 'store')
  const order = placed.flatMap((id) => compiled.ops[id] ?? [])
  return violationVerdict(compiled, {
    code: 'no-order',
    reason: `no order of the operations gives every answer: ${what} has no place`,
    partition: key,
    culprit: unplaced,
    involved: unplaced === undefined ? [] : [unplaced],
    expected: 'a point between its invocation and its completion at which its answer is right',
    found: 'none in any order that real time and the other answers allow',
    placed: order,
  })
}
