import type { History } from '../../history/operations.ts'
import type { CheckLimits, Verdict } from '../checker.ts'
import { alternateSearches } from './alternate-searches.ts'
import { findCompactionViolation } from './compactions.ts'
import { compile } from './compile/history.ts'
import { collectFacts } from './facts.ts'
import { followRevisions } from './follow-revisions.ts'
import {
  findDuplicateRevisionViolation,
  findImpossibleViolation,
  findRealTimeViolation,
} from './immediate-violations.ts'
import { assignSlots } from './slots.ts'
import { violationVerdict } from './violation.ts'

/**
 * Whether there is one order of the operations, the unknown ones in it or not, that respects real
 * time and in which every answer is what etcd's model gives.
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
    findCompactionViolation(compiled) ??
    findDuplicateRevisionViolation(compiled, slots)
  if (violation !== undefined) return violationVerdict(compiled, violation)
  const facts = collectFacts(compiled, slots)
  if (!slots.isPartial) return followRevisions(compiled, { slots, facts }, limits).verdict
  return alternateSearches(compiled, { slots, facts }, limits)
}
