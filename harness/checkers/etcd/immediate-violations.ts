import { formatCell, formatRequest, shorten } from '../verdict/format.ts'
import type { CompiledHistory } from './compile/history.ts'
import { keyName } from './compile/history.ts'
import type { EtcdOp } from './operation.ts'
import type { Gap, Plan } from './plan.ts'
import type { Slots } from './slots.ts'
import type { Violation } from './violation.ts'

/** Contradictions that need no search. */

/** An answer that contradicts itself. */
export function findImpossibleViolation(compiled: CompiledHistory): Violation | undefined {
  const op = compiled.ops.find(({ impossible }) => impossible !== undefined)
  if (op === undefined) return undefined
  const reason = `${formatRequest(op.source)} cannot be right: ${op.impossible}`
  const code = 'impossible-answer'
  return { code, reason, partition: 'store', culprit: op, involved: [op] }
}

/** An answer that is older than one that had completed before the request was sent. */
export function findRealTimeViolation(
  compiled: CompiledHistory,
  slots: Slots,
): Violation | undefined {
  const op = slots.outOfOrder
  if (op === undefined) return undefined
  const earlier = compiled.ops[slots.lowestBy[op.id] ?? -1]
  const isRead = (slots.slots[op.id] ?? 0) % 2 === 1
  const code = isRead ? 'stale-read' : 'revision-before-request'
  const partition = keyName(compiled, op.key)
  const answered = `${formatRequest(op.source)} ${isRead ? 'answered' : 'created'} revision ${op.revision}`
  if (earlier === undefined) {
    const reason = `${answered}, which is older than the store at the start of the history`
    return { code, reason, partition, culprit: op, involved: [op] }
  }
  const before = `${formatRequest(earlier.source)} had completed at revision ${earlier.revision}`
  const kind = isRead ? 'stale read' : 'the revision existed before the request'
  return {
    code,
    reason: `${answered} after ${before}: ${kind}`,
    partition,
    culprit: op,
    involved: [earlier, op],
    expected: `a revision ${isRead ? 'not before' : 'after'} ${earlier.revision}`,
    found: `revision ${op.revision}`,
  }
}

/** Two writes whose answers both name one revision as theirs. */
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
    const [first, second] = [one, other].map((op) => formatRequest(op.source))
    return {
      code: 'duplicate-revision',
      reason: `two writes created revision ${slot / 2}: ${first} and ${second}`,
      partition: keyName(compiled, other.key),
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
  const found = `no recorded operation created ${gaps} of the revisions, the first is ${revision}`
  return {
    code: 'unexplained-revision',
    reason: `${found}; fewer outcomes than that are unknown (where other clients write too, the header says foreignWrites)`,
    partition: 'store',
    expected: 'every revision to be created by a recorded operation',
    found,
  }
}

/** An answer shows a write that no recorded operation can have made. */
export function findPinnedViolation(compiled: CompiledHistory, gap: Gap): Violation {
  const [pin] = gap.pins
  const by: EtcdOp[] = gap.pins.map((one) => one.by)
  const key = keyName(compiled, pin?.key ?? -1)
  const name = shorten(key)
  const value = pin?.value ?? null
  const what =
    pin?.value === undefined
      ? `a write at ${gap.revision}`
      : formatCell({ value, mod: gap.revision })
  const witness = by[0] === undefined ? 'an answer' : formatRequest(by[0].source)
  return {
    code: 'unwritten-value',
    reason: `${witness} showed ${name} = ${what}, which no recorded operation can have written there`,
    partition: key,
    culprit: by[0],
    involved: by,
    expected: `a write of ${name} that created revision ${gap.revision}`,
    found: 'none whose outcome and time allow it',
  }
}
