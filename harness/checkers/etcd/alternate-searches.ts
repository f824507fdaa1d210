import type { CheckLimits, Verdict } from '../checker.ts'
import { defaultTimeoutMs } from './budget.ts'
import type { CompiledHistory } from './compile/history.ts'
import { followRevisions, type Groundwork } from './follow-revisions.ts'
import { placeUnrevisioned } from './place-unrevisioned.ts'
import { relax } from './relax.ts'
import { assignSlots } from './slots.ts'
import { violationVerdict } from './violation.ts'
import { searchOrders } from './wing-gong/search.ts'

/**
 * For histories in which some answers name no place. One way is to follow the other answers and to
 * place these in the order found; the other is to search all orders. Either may be quick where the
 * other is not, so they take turns.
 */
export function alternateSearches(
  compiled: CompiledHistory,
  { slots, facts }: Groundwork,
  limits: CheckLimits = {},
): Verdict {
  const { timeoutMs = defaultTimeoutMs } = limits
  const share = (part: number) => ({ ...limits, timeoutMs: timeoutMs * part, ofMs: timeoutMs })
  const relaxed = relax(compiled, slots)
  const followAndPlace = (part: number): Verdict | undefined => {
    const groundwork = { slots: assignSlots(relaxed), facts }
    const { verdict, search } = followRevisions(relaxed, groundwork, share(part))
    if (verdict.verdict !== 'valid') return verdict
    const fit = search === undefined ? 'undecided' : placeUnrevisioned(compiled, slots, search)
    if (fit === 'undecided') return undefined
    return fit === 'fits' ? verdict : violationVerdict(compiled, fit)
  }
  const first = followAndPlace(1 / 16)
  if (first === undefined) return searchOrders(compiled, slots, share(15 / 16))
  if (first.verdict !== 'unknown') return first
  const searched = searchOrders(compiled, slots, share(7 / 16))
  if (searched.verdict !== 'unknown') return searched
  return followAndPlace(1 / 2) ?? searched
}
