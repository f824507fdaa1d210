import { overdueAt } from './backtracking.ts'
import type { PlanSearch } from './backtracking-state.ts'
import type { CompiledHistory } from './compile.ts'
import { findConflict } from './conflict.ts'
import { formatAnswer, formatCell, formatKey, formatOperation, keyOf } from './format-operation.ts'
import { cellOf, isListedAs } from './model.ts'
import type { EtcdOp } from './operation.ts'
import { prefixShown, type Violation } from './violation.ts'
/** Why this op, at its place in the plan, contradicts what came before it. */
export function findViolationAt(
  compiled: CompiledHistory,
  search: PlanSearch,
  node: number,
): Violation {
  const at = search.nodes[node] ?? -1
  const op = search.ops[at]
  const history = placedUpTo(search, node)
  if (op === undefined) return { ...findGapViolation(search, -1 - at), ...history }
  const overdue = search.ops[overdueAt(search, node) ?? -1]
  if (overdue !== undefined) return { ...findOverdueViolation(compiled, overdue, op), ...history }
  const slot = search.slots.slots[op.id] ?? 0
  const before = Math.floor((slot - 1) / 2)
  const { keys } = findConflict(op, search.store, before)
  if (isMiscount(op, search, keys, before))
    return { ...findCountViolation(compiled, op, search), ...history }
  const key = keys[0] ?? 0
  const cell = cellOf(search.store, key)
  const name = formatKey(compiled, key)
  const writer = writerOf(search, key)
  const since =
    writer === undefined ? 'from the start' : `since ${formatOperation(compiled, writer)}`
  const expected = `at revision ${before} ${name} is ${formatCell(cell)}, ${since}`
  const found = `${formatOperation(compiled, op)} answered ${formatAnswer(compiled, op, key)}`
  const reason = `${found}; ${expected}`
  const involved = writer === undefined ? [op] : [writer, op]
  const partition = compiled.keys[key] ?? 'store'
  const code = 'wrong-answer'
  return { code, reason, partition, culprit: op, involved, expected, found, ...history }
}

/** An answered write for which no revision was left before what was asked for later. */
function findOverdueViolation(
  compiled: CompiledHistory,
  overdue: EtcdOp,
  later: EtcdOp,
): Violation {
  const expected = `a revision that it created before ${formatOperation(compiled, later)}`
  const reason = `${formatOperation(compiled, overdue)} was acknowledged, and no revision is left that it can have created before ${formatOperation(compiled, later)} at revision ${later.revision}`
  const found = 'none that nothing else created'
  const partition = compiled.keys[keyOf(overdue)] ?? 'store'
  return {
    code: 'write-without-revision',
    reason,
    partition,
    culprit: overdue,
    involved: [overdue, later],
    expected,
    found,
  }
}

/** Each key goes with the list, but not how many there are. */
function isMiscount(
  op: EtcdOp,
  search: PlanSearch,
  keys: readonly number[],
  revision: number,
): boolean {
  const { range } = op
  if (range === undefined) return false
  const place = range.keys.indexOf(keys[0] ?? -1)
  return (
    place < 0 || isListedAs(range, place, cellOf(search.store, range.keys[place] ?? -1), revision)
  )
}

function findCountViolation(compiled: CompiledHistory, op: EtcdOp, search: PlanSearch): Violation {
  const { keys = [], count = -1, hasMore = false } = op.range ?? {}
  const there = keys.filter((key) => cellOf(search.store, key).value !== null).length
  const more = hasMore ? ' and said that there are more' : ''
  const counted = count < 0 ? '' : ` counted ${count} keys`
  const found = `${formatOperation(compiled, op)}${counted}${more} at revision ${op.revision}`
  const expected = `${there} keys within its bounds are there`
  const reason = `${found}; ${expected}`
  const code = 'wrong-count'
  return { code, reason, partition: 'store', culprit: op, involved: [op], expected, found }
}

function findGapViolation(search: PlanSearch, gapAt: number): Violation {
  const gap = search.gaps[gapAt]
  const revision = gap?.revision ?? 0
  const expected = 'every revision to be created by a recorded operation'
  const found = `revision ${revision} was created by none, and no unknown outcome explains it`
  const involved = gap?.pins.map(({ by }) => by) ?? []
  return {
    code: 'unexplained-revision',
    reason: found,
    partition: 'store',
    culprit: involved[0],
    involved,
    expected,
    found,
  }
}

function writerOf(search: PlanSearch, key: number): EtcdOp | undefined {
  const node = search.writtenBy[key] ?? -1
  if (node < 0) return undefined
  const known = search.ops[search.nodes[node] ?? -1]
  if (known !== undefined) return known
  const frame = search.frames.findLast(
    ({ node: at, choice }) => at === node && choice.writes.some((write) => write.key === key),
  )
  return search.ops[frame?.choice.op ?? -1]
}

function placedUpTo(search: PlanSearch, node: number): Pick<Violation, 'placed' | 'placedBefore'> {
  const placed: EtcdOp[] = []
  const from = Math.max(0, node - prefixShown)
  for (let at = from; at < node; at++) {
    const known = search.ops[search.nodes[at] ?? -1]
    const frame = known === undefined ? search.frames.find((one) => one.node === at) : undefined
    const op = known ?? search.ops[frame?.choice.op ?? -1]
    if (op !== undefined) placed.push(op)
  }
  return { placed, placedBefore: from }
}
