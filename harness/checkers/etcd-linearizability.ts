import type { History } from '../history/operations.ts'
import type { Checker, CheckLimits, Verdict } from './checker.ts'
import { alternateSearches } from './etcd/alternate-searches.ts'
import { compile } from './etcd/compile.ts'
import { collectFacts } from './etcd/facts.ts'
import { followRevisions } from './etcd/follow-revisions.ts'
import {
  findDuplicateRevisionViolation,
  findImpossibleViolation,
  findRealTimeViolation,
} from './etcd/immediate-violations.ts'
import { assignSlots } from './etcd/slots.ts'
import { checkerName, violationCodes, violationVerdict } from './etcd/violation.ts'

/**
 * Proves: there is one order of the operations, the unknown ones in it or not, that respects real
 * time and in which every answer is what etcd's model gives; serializable reads match the state at
 * their revision. Does not prove: that acknowledged writes are still there at the end
 * (`durability`), anything about reads that were never made, or that members agree (`convergence`).
 *
 * Sound and complete, see docs/CHECKERS.md; `unknown` only when the limits are spent. Nearly linear
 * when the answers carry their revisions. Throws an InputError for a history of another shape.
 */
export function checkEtcd(history: History, limits?: CheckLimits): Verdict {
  const compiled = compile(history)
  const slots = assignSlots(compiled)
  const violation =
    findImpossibleViolation(compiled) ??
    findRealTimeViolation(compiled, slots) ??
    findDuplicateRevisionViolation(compiled, slots)
  if (violation !== undefined) return violationVerdict(compiled, violation)
  const facts = collectFacts(compiled, slots)
  if (!slots.isPartial) return followRevisions(compiled, { slots, facts }, limits).verdict
  return alternateSearches(compiled, { slots, facts }, limits)
}

export const etcdLinearizabilityChecker: Checker = {
  name: checkerName,
  codes: violationCodes,
  check: ({ history }, limits) => checkEtcd(history, limits),
}
