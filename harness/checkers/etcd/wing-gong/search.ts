import type { Verdict } from '../../checker.ts'
import { formatRequest } from '../../verdict/format.ts'
import { type Budget, openBudget, type Share } from '../budget.ts'
import type { CompiledHistory } from '../compile/history.ts'
import { keyName } from '../compile/history.ts'
import { collectFacts } from '../facts.ts'
import type { EtcdOp } from '../operation.ts'
import type { Slots } from '../slots.ts'
import { checkerName, prefixShown, violationVerdict } from '../violation.ts'
import { readPast, settleReads } from './reads.ts'
import { startsOf } from './starts.ts'
import {
  type Checkpoint,
  checkpointOf,
  type OrderSearch,
  place,
  restore,
  startOrderSearch,
  windowOf,
} from './state.ts'
import { type Successor, stateKey, successorsOf } from './successors.ts'

/** A state that several operations may follow. */
interface Branch {
  readonly successors: readonly Successor[]
  /** The next successor to try. */
  at: number
  readonly checkpoint: Checkpoint
  /** Identifies the state; '' = it is not remembered. */
  readonly key: string
}

/** The state with the most operations placed. */
interface DeepestState {
  left: number
  placed: readonly number[]
  unplaced: EtcdOp | undefined
}

/**
 * Wing and Gong's search, for histories in which some answers name no place: tries the orders that
 * real time allows, one write at a time, and remembers the states that led nowhere. Exact;
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
    const { operations, answers: factsJudged } = compiled
    const counts = { operations, factsJudged }
    if (found === 'valid') return { checker: checkerName, verdict: 'valid', ...counts }
    if (found === 'unknown') {
      const reason = `${budget.reason}: ${deepest.left} of ${operations} operations without a place`
      return { checker: checkerName, verdict: 'unknown', reason, ...counts }
    }
  }
  return findOrderViolation(compiled, deepest)
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
    take(state, successor)
    isAlive = settleReads(state)
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

function take(state: OrderSearch, { op, writes, revision }: Successor): void {
  if (op === undefined) state.revision = revision
  else place(state, op, writes)
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
  const what = unplaced === undefined ? 'the next operation' : formatRequest(unplaced.source)
  const key = keyName(compiled, unplaced?.key ?? -1)
  const order = placed.flatMap((id) => compiled.ops[id] ?? [])
  return violationVerdict(compiled, {
    code: 'no-order',
    reason: `no order of the operations explains every answer: ${what} has no place`,
    partition: key,
    culprit: unplaced,
    involved: unplaced === undefined ? [] : [unplaced],
    expected: 'a point between its invocation and its completion at which its answer is right',
    found: 'none in any order that real time and the other answers allow',
    placed: order,
  })
}
