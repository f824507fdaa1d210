import type { Verdict } from '../checker.ts'
import { type Budget, openBudget, type Share } from './budget.ts'
import type { Compiled } from './compile.ts'
import { collectFacts, type Facts } from './facts.ts'
import { attempt, type EtcdOp } from './model.ts'
import { leastStart, startBound, topOf } from './plan.ts'
import { doesWrite, type Slots } from './slots.ts'
import { checkerName, formatOperation, prefixShown, violationVerdict } from './violation.ts'
import { type Choice, choicesOf, stateKey } from './wing-gong-choices.ts'
import {
  backTo,
  effectOf,
  type Mark,
  markOf,
  place,
  type Search,
  startSearch,
  windowOf,
} from './wing-gong-state.ts'

interface Branch {
  readonly choices: readonly Choice[]
  at: number
  readonly mark: Mark
  readonly key: string
}

interface Deepest {
  left: number
  placed: readonly number[]
  stuck: EtcdOp | undefined
}

/**
 * The general search, for histories in which some answer does not tell its place: tries the orders
 * that real time allows, one write at a time, and remembers the states that led nowhere. Exact;
 * exponential at worst, and then `unknown`.
 */
export function searchOrders(compiled: Compiled, slots: Slots, limits?: Share): Verdict {
  const budget = openBudget(limits)
  const facts = collectFacts(compiled, slots)
  const failed = new Set<string>()
  const deepest: Deepest = { left: Infinity, placed: [], stuck: undefined }
  for (const start of startsOf(compiled, slots, facts)) {
    const state = startSearch(compiled, slots, facts)
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
function startsOf(compiled: Compiled, slots: Slots, facts: Facts): number[] {
  if (compiled.initialRevision >= 0) return [compiled.initialRevision]
  const least = leastStart(compiled)
  const vague = compiled.ops.filter(({ id }) => (slots.slots[id] ?? -1) < 0)
  const named = vague.flatMap(({ revision, isStale }) =>
    revision >= 0 && !isStale ? [revision] : [],
  )
  const most = named.reduce(
    (one, other) => Math.min(one, other),
    startBound(compiled, slots, facts),
  )
  if (most === Infinity) {
    return unboundStarts(compiled, { least, top: topOf(slots, facts), room: vague.length })
  }
  if (compiled.hasForeignWrites) return [least]
  const lowest = Math.max(least, most - vague.length)
  return Array.from({ length: Math.max(0, most - lowest + 1) }, (_, down) => most - down)
}

/** Only reads of the past name revisions, or what transactions compare and see: starts around those. */
function unboundStarts(
  { ops }: Compiled,
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
  readonly deepest: Deepest
}

function searchFrom(state: Search, run: Run): 'valid' | 'invalid' | 'unknown' {
  const branches: Branch[] = []
  let isAlive = readPast(state) && settleReads(state)
  for (;;) {
    if (run.budget.isSpent()) return 'unknown'
    if (isAlive && state.left === 0) return 'valid'
    note(run.deepest, state)
    const next = isAlive ? branchHere(state, run) : undefined
    if (next !== undefined) branches.push(next)
    const choice = nextChoice(state, branches, run)
    if (choice === undefined) return 'invalid'
    isAlive = take(state, choice) && settleReads(state)
  }
}

function branchHere(state: Search, { budget, failed }: Run): Branch | undefined {
  const choices = choicesOf(state)
  if (choices.length === 0) return undefined
  const key = choices.length === 1 ? '' : stateKey(state)
  if (key !== '' && failed.has(key)) return undefined
  budget.hold(0)
  return { choices, at: 0, mark: markOf(state), key }
}

function nextChoice(state: Search, branches: Branch[], run: Run): Choice | undefined {
  for (;;) {
    const branch = branches.at(-1)
    if (branch === undefined) return undefined
    backTo(state, branch.mark)
    const choice = branch.choices[branch.at++]
    if (choice !== undefined) return choice
    if (branch.key !== '' && !run.failed.has(branch.key)) {
      run.failed.add(branch.key)
      run.budget.hold(2 * branch.key.length + 64)
    }
    branches.pop()
  }
}

function take(state: Search, { op, writes, revision }: Choice): boolean {
  if (op === undefined) state.revision = revision
  else place(state, op, writes)
  return true
}

/** Serializable reads from before the start see what was there at the start. */
function readPast(state: Search): boolean {
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
function settleReads(state: Search): boolean {
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

function note(deepest: Deepest, state: Search): void {
  if (state.left >= deepest.left) return
  deepest.left = state.left
  deepest.stuck = windowOf(state).sort(
    (one, other) => one.source.completeIndex - other.source.completeIndex,
  )[0]
  deepest.placed = state.trail
    .flatMap((undo) => ('op' in undo ? [undo.op] : []))
    .slice(-prefixShown)
}

function findOrderViolation(compiled: Compiled, { stuck, placed }: Deepest): Verdict {
  const what = stuck === undefined ? 'the operations' : formatOperation(compiled, stuck)
  const key = stuck === undefined || stuck.key < 0 ? 'store' : (compiled.keys[stuck.key] ?? 'store')
  const order = placed.flatMap((id) => compiled.ops[id] ?? [])
  return violationVerdict(compiled, {
    code: 'no-order',
    reason: `no order of the operations gives every answer: ${what} has no place`,
    partition: key,
    culprit: stuck,
    involved: stuck === undefined ? [] : [stuck],
    expected: 'a point between its invocation and its completion at which its answer is right',
    found: 'none in any order that real time and the other answers allow',
    placed: order,
  })
}
