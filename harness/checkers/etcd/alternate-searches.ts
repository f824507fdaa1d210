import type { CheckLimits, Verdict } from '../checker.ts'
import { defaultTimeoutMs } from './budget.ts'
import type { CompiledHistory } from './compile.ts'
import { followRevisions, type Knowledge } from './follow-revisions.ts'
import { placeUnrevisioned } from './place-unrevisioned.ts'
import { relax } from './relax.ts'
import { assignSlots } from './slots.ts'
import { violationVerdict } from './violation.ts'
import { searchOrders } from './wing-gong.ts'
/**
 * Where some answers do not tell their place: what the others tell is followed, and those are fitted
 * in; or all orders are searched. Either may be quick where the other is not, so they take turns.
 */
export function alternateSearches(
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
