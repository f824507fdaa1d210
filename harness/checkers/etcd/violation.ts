import { mayBeStale } from '../../history/stale.ts'
import type { Verdict } from '../checker.ts'
import { invalidVerdict } from '../verdict/invalid.ts'
import { overdueAt } from './backtracking.ts'
import type { PlanSearch } from './backtracking-state.ts'
import type { CompiledHistory } from './compile.ts'
import { findConflict } from './conflict.ts'
import { type Cell, cellOf, type EtcdOp, isListedAs } from './model.ts'

/** The kinds of violation of `etcd-linearizability`. */
export const violationCodes = [
  'impossible-answer',
  'stale-read',
  'revision-before-request',
  'duplicate-revision',
  'unexplained-revision',
  'unwritten-value',
  'wrong-answer',
  'wrong-count',
  'write-without-revision',
  'no-order',
] as const

/** A violation in words and positions. */
export interface Violation {
  readonly code: (typeof violationCodes)[number]
  readonly reason: string
  /** The key it is about, or `store`. */
  readonly partition: string
  readonly culprit?: EtcdOp | undefined
  readonly involved?: readonly EtcdOp[]
  readonly expected?: string
  readonly found?: string
  /** The last operations that could be placed, in order. */
  readonly placed?: readonly EtcdOp[]
  readonly placedBefore?: number
}

export const checkerName = 'etcd-linearizability'

/** Evidence shows at most so many operations of the prefix: the last ones. */
export const prefixShown = 200

/** Of a request for one key; -1 of others. One that told what it replaced is compiled to a txn. */
function keyOf({ source, txn, key }: EtcdOp): number {
  return source.f === 'txn' ? -1 : (txn?.onHold[0]?.key ?? key)
}

/** Such as `get of k3 by process 4 at m2`. */
export function formatOperation(compiled: CompiledHistory, op: EtcdOp): string {
  const { process, invoke, f } = op.source
  const keyId = keyOf(op)
  const key = keyId >= 0 ? ` of ${formatKey(compiled, keyId)}` : ''
  const value = f === 'put' ? ` = ${formatValue(op.value)}` : ''
  const swap = op.f === 'cas' ? ` from ${formatValue(op.old)} to ${formatValue(op.value)}` : ''
  const at = invoke.member === undefined ? '' : ` at ${invoke.member}`
  const stale = mayBeStale(invoke) ? 'serializable ' : ''
  return `${stale}${f}${key}${value}${swap} by process ${process}${at}`
}

/** The key's name, shortened when nobody would read it all. */
export function formatKey({ keys }: Pick<CompiledHistory, 'keys'>, key: number): string {
  const name = keys[key] ?? 'store'
  return name.length > 60 ? `${name.slice(0, 40)}…` : name
}

export function formatValue(value: string | null): string {
  if (value === null) return 'no value'
  return value.length > 40 ? `${JSON.stringify(value.slice(0, 40))}…` : JSON.stringify(value)
}

export function formatCell(cell: Cell): string {
  return cell.value === null ? 'missing' : `${formatValue(cell.value)} (modRevision ${cell.mod})`
}

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

/** What the answer claims about this key. */
function formatAnswer(compiled: CompiledHistory, op: EtcdOp, key: number): string {
  const revision = op.revision < 0 ? '' : ` at revision ${op.revision}`
  if (op.f === 'get') {
    if (op.seen === undefined) return `modRevision ${op.seenMod}${revision}`
    if (op.seen === null) return `that it is missing${revision}`
    const mod = op.seenMod < 0 ? '' : ` (modRevision ${op.seenMod})`
    return `${formatValue(op.seen)}${mod}${revision}`
  }
  if (op.f === 'cas') {
    return op.applied
      ? `that it was ${formatValue(op.old)}${revision}`
      : `that it was not ${formatValue(op.old)}${revision}`
  }
  if (op.f === 'delete')
    return op.deleted > 0 ? `that it was there${revision}` : `that it was missing${revision}`
  if (op.range !== undefined) {
    const item = op.range.items?.get(key)
    const name = formatKey(compiled, key)
    return item === undefined
      ? `a list that does not go with ${name}${revision}`
      : `${name} = ${formatCell(item)}${revision}`
  }
  const before = op.source.f === 'txn' ? undefined : op.txn?.answers?.[0]
  if (typeof before === 'object' && before !== null) {
    return `that it was ${formatCell(before)} before it${revision}`
  }
  return `${op.applied ? 'then' : 'else'}${revision}`
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
  const node = search.touched[key] ?? -1
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

export function violationVerdict(compiled: CompiledHistory, violation: Violation): Verdict {
  const { code, reason, partition, culprit, involved = [], expected, found, placed } = violation
  const indexOf = (op: EtcdOp) => op.source.invokeIndex
  return invalidVerdict(checkerName, {
    code,
    reason,
    operations: compiled.operations,
    evidence: {
      partition,
      ...(culprit !== undefined && { culprit: indexOf(culprit) }),
      ...(placed !== undefined && { prefix: placed.map(indexOf) }),
      ...(violation.placedBefore !== undefined && { prefixOmitted: violation.placedBefore }),
      involved: [...new Set(involved.map(indexOf))],
      ...(expected !== undefined && { expected }),
      ...(found !== undefined && { found }),
    },
  })
}
