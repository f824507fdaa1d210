import type { History } from '../history/operations.ts'
import type { Checker, CheckLimits, Verdict } from './checker.ts'
import { searchPlan } from './etcd/backtracking.ts'
import { type PlanSearch, startPlanSearch } from './etcd/backtracking-state.ts'
import { defaultTimeoutMs, openBudget, type Share } from './etcd/budget.ts'
import { type CompiledHistory, compile } from './etcd/compile.ts'
import { collectFacts, type Facts } from './etcd/facts.ts'
import {
  findDuplicateRevisionViolation,
  findImpossibleViolation,
  findPinnedViolation,
  findRealTimeViolation,
  findUnexplainedRevisionViolation,
} from './etcd/immediate-violations.ts'
import { placeUnrevisioned } from './etcd/place-unrevisioned.ts'
import { planNodes } from './etcd/plan.ts'
import { relax } from './etcd/relax.ts'
import { assignSlots, type Slots } from './etcd/slots.ts'
import {
  checkerName,
  findViolationAt,
  type Violation,
  violationCodes,
  violationVerdict,
} from './etcd/violation.ts'
import { searchOrders } from './etcd/wing-gong.ts'

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

/**
 * Where some answers do not tell their place: what the others tell is followed, and those are fitted
 * in; or all orders are searched. Either may be quick where the other is not, so they take turns.
 */
function alternateSearches(
  compiled: CompiledHistory,
  known: Knowledge,
  limits: CheckLimits = {},
): Verdict {
  const { timeoutMs = defaultTimeoutMs } = limits
  const share = (part: number) => ({ ...limits, timeoutMs: timeoutMs * part, ofMs: timeoutMs })
  const relaxed = relax(compiled, known.slots)
  const fitted = (part: number): Verdict | undefined => {
    const followed = { slots: assignSlots(relaxed), facts: known.facts }
    const { verdict, search } = followRevisions(relaxed, followed, share(part))
    if (verdict.verdict !== 'valid') return verdict
    const fit = search === undefined ? 'open' : placeUnrevisioned(compiled, known.slots, search)
    if (fit === 'open') return undefined
    return fit === 'fits' ? verdict : violationVerdict(compiled, fit)
  }
  const first = fitted(1 / 16)
  if (first === undefined) return searchOrders(compiled, known.slots, share(15 / 16))
  if (first.verdict !== 'unknown') return first
  const searched = searchOrders(compiled, known.slots, share(7 / 16))
  if (searched.verdict !== 'unknown') return searched
  return fitted(1 / 2) ?? searched
}

export const etcdLinearizabilityChecker: Checker = {
  name: checkerName,
  codes: violationCodes,
  check: ({ history }, limits) => checkEtcd(history, limits),
}

interface Knowledge {
  readonly slots: Slots
  readonly facts: Facts
}

/** Every answer tells its place: only what fills the gaps between them is to be found. */
function followRevisions(
  compiled: CompiledHistory,
  { slots, facts }: Knowledge,
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
  const verdict = searchPlan(search, budget, (search, node) => {
    if (node <= furthest) return
    furthest = node
    violation = findViolationAt(compiled, search, node)
  })
  if (verdict === 'invalid' && violation !== undefined) return invalid(violation)
  const { operations } = compiled
  if (verdict === 'valid') return { verdict: { checker: checkerName, verdict, operations }, search }
  const reason = `${budget.reason}: ${formatProgress(search, furthest)}`
  return { verdict: { checker: checkerName, verdict: 'unknown', reason, operations } }
}

/** Where the walk gave up, for a person: how far it came, and what it had to find. */
function formatProgress({ nodes, gaps, allClasses }: PlanSearch, furthest: number): string {
  const place = `an order of ${Math.max(0, furthest)} of ${nodes.length} answers and revisions`
  return `${place}; ${gaps.length} revisions to be explained by ${allClasses.length} kinds of unknown writes`
}
