import type { Verdict } from '../checker.ts'
import { findViolationAt } from './backtracking/dead-end-violation.ts'
import { searchPlan } from './backtracking/search.ts'
import { type PlanSearch, startPlanSearch } from './backtracking/state.ts'
import { openBudget, type Share } from './budget.ts'
import type { CompiledHistory } from './compile/history.ts'
import type { Facts } from './facts.ts'
import { findPinnedViolation, findUnexplainedRevisionViolation } from './immediate-violations.ts'
import { planNodes } from './plan.ts'
import type { Slots } from './slots.ts'
import { checkerName, type Violation, violationVerdict } from './violation.ts'

/** What every search starts from. */
export interface Groundwork {
  readonly slots: Slots
  readonly facts: Facts
}

/** Every answer names its place: the search finds what fills the gaps between them. */
export function followRevisions(
  compiled: CompiledHistory,
  { slots, facts }: Groundwork,
  limits?: Share,
): { readonly verdict: Verdict; readonly search?: PlanSearch } {
  const invalid = (violation: Violation) => ({ verdict: violationVerdict(compiled, violation) })
  const budget = openBudget(limits)
  const plan = planNodes(compiled, slots, facts)
  if (plan.unexplained) return invalid(findUnexplainedRevisionViolation(plan.unexplained))
  const search = startPlanSearch(compiled, slots, facts, plan)
  if (search.impossible !== undefined) {
    return invalid(findPinnedViolation(compiled, search.impossible))
  }
  let furthest = -1
  let violation: Violation | undefined
  const verdict = searchPlan(search, budget, (node) => {
    if (node <= furthest) return
    furthest = node
    violation = findViolationAt(compiled, search, node)
  })
  if (verdict === 'invalid' && violation !== undefined) return invalid(violation)
  const counts = { operations: compiled.operations, factsJudged: compiled.answers }
  if (verdict === 'valid') return { verdict: { checker: checkerName, verdict, ...counts }, search }
  const reason = `${budget.reason}: ${formatProgress(search, furthest)}`
  return { verdict: { checker: checkerName, verdict: 'unknown', reason, ...counts } }
}

/** Where the search gave up: how far it came, and what it had to find. */
function formatProgress({ nodes, gaps, allClasses }: PlanSearch, furthest: number): string {
  const place = `an order of ${Math.max(0, furthest)} of ${nodes.length} answers and revisions`
  return `${place}; ${gaps.length} revisions to explain by ${allClasses.length} kinds of unknown writes`
}
