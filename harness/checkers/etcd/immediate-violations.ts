import type { CompiledHistory } from './compile.ts'
import { formatCell, formatKey, formatOperation } from './format-operation.ts'
import type { EtcdOp } from './operation.ts'
import type { Gap, Plan } from './plan.ts'
import type { Slots } from './slots.ts'
import type { Violation } from './violation.ts'

/** Contradictions that need no search, with what to tell of them. */

/** An answer that contradicts itself. */
export function findImpossibleViolation(compiled: CompiledHistory): Violation | undefined {
  const op = compiled.ops.find(({ impossible }) => impossible !== undefined)
  if (op === undefined) return undefined
  const reason = `${formatOperation(compiled, op)} cannot be right: ${op.impossible}`
  const code = 'impossible-answer'
  return { code, reason, partition: 'store', culprit: op, involved: [op] }
}

/** An answer that is older than one that was there before the question. */
export function findRealTimeViolation(
  compiled: CompiledHistory,
  slots: Slots,
): Violation | undefined {
  const op = slots.late
  if (op === undefined) return undefined
  const earlier = compiled.ops[slots.lowestBy[op.id] ?? -1]
  const isRead = (slots.slots[op.id] ?? 0) % 2 === 1
  const code = isRead ? 'stale-read' : 'revision-before-request'
  const partition = op.key < 0 ? 'store' : (compiled.keys[op.key] ?? 'store')
  const answered = `${formatOperation(compiled, op)} ${isRead ? 'answered' : 'created'} revision ${op.revision}`
  if (earlier === undefined) {
    const reason = `${answered}, which the store had left behind before the history began`
    return { code, reason, partition, culprit: op, involved: [op] }
  }
  const before = `${formatOperation(compiled, earlier)} had completed at revision ${earlier.revision}`
  const verdict = isRead ? 'stale read' : 'its revision was there before it was asked for'
  return {
    code,
    reason: `${answered} after ${before}: ${verdict}`,
    partition,
    culprit: op,
    involved: [earlier, op],
    expected: `a revision ${isRead ? 'not before' : 'after'} ${earlier.revision}`,
    found: `revision ${op.revision}`,
  }
}

/** Two writes that were both told to have created one revision. */
export function findDuplicateRevisionViolation(
  compiled: CompiledHistory,
  { order, slots }: Slots,
): Violation | undefined {
  for (let at = 1; at < order.length; at++) {
    const slot = slots[order[at] ?? 0] ?? 0
    if (slot % 2 === 1 || slot !== slots[order[at - 1] ?? 0]) continue
    const one = compiled.ops[order[at - 1] ?? 0]
    const other = compiled.ops[order[at] ?? 0]
    if (one === undefined || other === undefined) continue
    const [first, second] = [one, other].map((op) => formatOperation(compiled, op))
    return {
      code: 'duplicate-revision',
      reason: `revision ${slot / 2} was created twice: by ${first} and by ${second}`,
      partition: other.key < 0 ? 'store' : (compiled.keys[other.key] ?? 'store'),
      culprit: other,
      involved: [one, other],
      expected: 'every write to create a revision of its own',
      found: `two writes answered revision ${slot / 2}`,
    }
  }
  return undefined
}

export function findUnexplainedRevisionViolation({
  revision,
  gaps,
}: NonNullable<Plan['unexplained']>): Violation {
  const found = `${gaps} revisions were created by no recorded operation, the first is ${revision}`
  return {
    code: 'unexplained-revision',
    reason: `${found}; there are fewer unknown outcomes than that (a history in which others write too says so with foreignWrites)`,
    partition: 'store',
    expected: 'every revision to be created by a recorded operation',
    found,
  }
}

/** Somebody saw a write that nobody can have made. */
export function findPinnedViolation(compiled: CompiledHistory, gap: Gap): Violation {
  const [pin] = gap.pins
  const by: EtcdOp[] = gap.pins.map((one) => one.by)
  const key = compiled.keys[pin?.key ?? 0] ?? 'store'
  const name = formatKey(compiled, pin?.key ?? -1)
  const value = pin?.value ?? null
  const what =
    pin?.value === undefined
      ? `a write at ${gap.revision}`
      : formatCell({ value, mod: gap.revision })
  const witness = by[0] === undefined ? 'an answer' : formatOperation(compiled, by[0])
  return {
    code: 'unwritten-value',
    reason: `${witness} saw ${name} = ${what}, which no recorded operation can have written there`,
    partition: key,
    culprit: by[0],
    involved: by,
    expected: `a write of ${name} that created revision ${gap.revision}`,
    found: 'none whose outcome and time allow it',
  }
}
