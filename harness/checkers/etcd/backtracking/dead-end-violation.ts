import { formatCell, formatRequest, shorten } from '../../verdict/format.ts'
import type { CompiledHistory } from '../compile/history.ts'
import { keyName } from '../compile/history.ts'
import { cellOf, isListedAs } from '../model.ts'
import type { EtcdOp } from '../operation.ts'
import { prefixShown, type Violation } from '../violation.ts'
import { findConflict } from './conflict.ts'
import { formatAnswer } from './format-answer.ts'
import { overdueAt } from './search.ts'
import type { PlanSearch } from './state.ts'

/** Why the plan's node contradicts what came before it. */
export function findViolationAt(
  compiled: CompiledHistory,
  search: PlanSearch,
  node: number,
): Violation {
  const at = search.nodes[node] ?? -1
  const op = search.ops[at]
  const overdue = search.ops[overdueAt(search, node) ?? -1]
  const prefix = placedUpTo(search, node)
  if (op === undefined) return { ...findGapViolation(search, -1 - at), ...prefix }
  if (overdue !== undefined) return { ...findOverdueViolation(overdue, op), ...prefix }
  return { ...findAnswerViolation(compiled, search, op), ...prefix }
}

function findAnswerViolation(compiled: CompiledHistory, search: PlanSearch, op: EtcdOp): Violation {
  const before = Math.floor(((search.slots.slots[op.id] ?? 0) - 1) / 2)
  const { keys } = findConflict(op, search.store, before)
  if (isMiscount(op, search, keys, before)) return findCountViolation(op, search)
  const key = keys[0] ?? 0
  const partition = keyName(compiled, key)
  const writer = writerOf(search, key)
  const since = writer === undefined ? 'from the start' : `since ${formatRequest(writer.source)}`
  const { value, mod, version } = cellOf(search.store, key)
  const isVersioned = compiled.metadataKeys.versions.has(key)
  const held = formatCell({ value, mod, ...(isVersioned && { version }) })
  const expected = `at revision ${before} ${shorten(partition)} is ${held}, ${since}`
  const found = `${formatRequest(op.source)} answered ${formatAnswer(compiled, op, key)}`
  return {
    code: 'wrong-answer',
    reason: `${found}; ${expected}`,
    partition,
    culprit: op,
    involved: writer === undefined ? [op] : [writer, op],
    expected,
    found,
  }
}

/** An acknowledged write for which no revision is left before an op that was invoked later. */
function findOverdueViolation(overdue: EtcdOp, later: EtcdOp): Violation {
  const expected = `a revision that it created before ${formatRequest(later.source)}`
  const reason = `${formatRequest(overdue.source)} was acknowledged, expected ${expected} at revision ${later.revision}, found no revision left for it`
  const found = 'no revision without another write'
  const partition = overdue.source.invoke.key ?? 'store'
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

/** Whether the list agrees with every key and only the number of keys is wrong. */
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

function findCountViolation(op: EtcdOp, search: PlanSearch): Violation {
  const { keys = [], count = -1, hasMore = false } = op.range ?? {}
  const there = keys.filter((key) => cellOf(search.store, key).value !== null).length
  const more = hasMore ? ' and `more`' : ''
  const counted = count < 0 ? ' answered' : ` counted ${count} keys`
  const found = `${formatRequest(op.source)}${counted}${more} at revision ${op.revision}`
  const expected = `${there} keys are within its bounds`
  const reason = `${found}; ${expected}`
  const code = 'wrong-count'
  return { code, reason, partition: 'store', culprit: op, involved: [op], expected, found }
}

function findGapViolation(search: PlanSearch, gapAt: number): Violation {
  const gap = search.gaps[gapAt]
  const revision = gap?.revision ?? 0
  const expected = 'every revision to be created by a recorded operation'
  const found = `no recorded operation created revision ${revision}, and no unknown outcome explains it`
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
