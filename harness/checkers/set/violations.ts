import type { Operation } from '../../history/operations.ts'
import { formatValue } from '../verdict/format.ts'
import type { Addition, Additions, SetRead } from './additions.ts'

export const setCodes = [
  'unwritten-element',
  'duplicate-element',
  'element-missing',
  'element-lost',
  'reads-disagree',
] as const

export interface SetViolation {
  readonly code: (typeof setCodes)[number]
  readonly reason: string
  readonly culprit: Operation
  /** Event indexes of other operations that it is about. */
  readonly involved: readonly number[]
}

/** What one read cannot have seen, by the adds alone. `byDone` are the adds by `doneIndex`. */
export function findReadViolation(
  read: SetRead,
  additions: Additions,
  byDone: readonly (readonly [id: string, addition: Addition])[],
): SetViolation | undefined {
  const { operation, ids, afterIndex } = read
  const value = operation.completion?.value as readonly unknown[]
  const culprit = operation
  for (const id of ids) {
    const invokeIndex = additions.get(id)?.invokeIndex ?? Number.POSITIVE_INFINITY
    if (invokeIndex < operation.completeIndex) continue
    const reason = `${formatRead(read)} shows ${id}, which no operation had been invoked to add`
    return { code: 'unwritten-element', reason, culprit, involved: [] }
  }
  if (ids.size < value.length) {
    const reason = `${formatRead(read)} shows an element twice: ${formatValue(value)}`
    return { code: 'duplicate-element', reason, culprit, involved: [] }
  }
  for (const [id, { element, invokeIndex, doneIndex }] of byDone) {
    if (doneIndex > afterIndex) return undefined
    if (ids.has(id)) continue
    const added = `${formatValue(element)}, whose add was acknowledged before`
    const reason = `${formatRead(read)} lacks ${added}`
    return {
      code: 'element-missing',
      reason,
      culprit,
      involved: invokeIndex < 0 ? [] : [invokeIndex],
    }
  }
  return undefined
}

/** What two reads cannot both have seen: sets only grow, and never from the future to the past. */
export function findOrderViolation(reads: readonly SetRead[]): SetViolation | undefined {
  const bySize = reads.toSorted((one, other) => one.ids.size - other.ids.size)
  for (const [at, larger] of bySize.entries()) {
    const smaller = bySize[at - 1]
    const lacking = smaller && [...smaller.ids].find((id) => !larger.ids.has(id))
    if (smaller === undefined || lacking === undefined) continue
    return disagreement(smaller, larger, lacking)
  }
  return findShrinking(reads)
}

/** Of reads that agree: each has at least what those that completed before its invocation had. */
function findShrinking(reads: readonly SetRead[]): SetViolation | undefined {
  const byInvoke = reads.toSorted((one, other) => invoked(one) - invoked(other))
  const byCompletion = reads.toSorted((one, other) => completed(one) - completed(other))
  let next = 0
  let largest: SetRead | undefined
  for (const read of byInvoke) {
    for (let done = byCompletion[next]; done !== undefined; done = byCompletion[next]) {
      if (completed(done) > invoked(read)) break
      if (done.ids.size > (largest?.ids.size ?? 0)) largest = done
      next++
    }
    if (largest === undefined || largest.ids.size <= read.ids.size) continue
    const lost = [...largest.ids].find((id) => !read.ids.has(id)) ?? ''
    return disagreement(largest, read, lost)
  }
  return undefined
}

/** `lost` is in the first and not in the second. */
function disagreement(first: SetRead, second: SetRead, lost: string): SetViolation {
  const isLater = completed(first) < invoked(second)
  const reason = isLater
    ? `${formatRead(second)} lacks ${lost}, which a read that ended before it shows`
    : `${formatRead(second)} lacks ${lost}, and another read shows that and lacks some of its elements`
  return {
    code: isLater ? 'element-lost' : 'reads-disagree',
    reason,
    culprit: second.operation,
    involved: [first.operation.invokeIndex],
  }
}

const invoked = ({ operation }: SetRead) => operation.invokeIndex
const completed = ({ operation }: SetRead) => operation.completeIndex

function formatRead({ operation: { process, invoke } }: SetRead): string {
  const key = invoke.key === undefined ? 'the set' : `set ${JSON.stringify(invoke.key)}`
  return `${key}: the read by process ${process}`
}
