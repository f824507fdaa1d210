import type { Attempt } from './attempts.ts'
import type { Bounds } from './bounds.ts'
import { sliceNs, withoutHiccup } from './hiccups.ts'
import { phaseOf } from './phases.ts'
import type { ServedDrill } from './served-drill.ts'
import { isBusy, isStalled } from './stalls.ts'
import type { Timers } from './timers.ts'

/** Of fewer requests some percent are two or three, which one stall of the machine may be. */
const fewestRequests = 200

/**
 * Of the requests that succeeded while no fault was in force, how many percent took half of their
 * deadline or longer: of all, or of those to the member with the highest share before or after the
 * faults, whichever is more. Fewer than 200 requests count as 200. One hiccup in ten seconds does not
 * count, as in the error budget.
 */
export function measureSlowRequests(
  drill: Pick<ServedDrill, 'attempts' | 'leaseAttempts' | 'phases' | 'timers' | 'stalls'>,
): { readonly measures: Readonly<Record<string, number>>; readonly bounds: Bounds } {
  const { attempts, leaseAttempts, phases, timers, stalls } = drill
  const served = [...attempts, ...leaseAttempts].filter(
    (attempt) => attempt.outcome === 'ok' && isSteady(phaseOf(attempt, phases)),
  )
  if (served.length === 0) return { measures: {}, bounds: {} }
  const ofMembers = Map.groupBy(served, (each) => `${each.member} ${phaseOf(each, phases)}`)
  const shares = [served, ...ofMembers.values()].map((group) => {
    const slow = withoutHiccups(group.filter((each) => isSlow(each, 'dueNs', timers)))
    const proved = slow.filter((each) => isSlow(each, 'sentNs', timers) && !isStalled(each, stalls))
    const least = isBusy(group, timers) ? 0 : proved.length
    return { least: percent(least, group), most: percent(slow.length, group) }
  })
  const least = Math.max(...shares.map((share) => share.least))
  const most = Math.max(...shares.map((share) => share.most))
  return {
    measures: { slowRequestsPercent: most },
    bounds: { slowRequestsPercent: { least, most, why: 'this machine sent its requests late' } },
  }
}

const isSteady = (phase: ReturnType<typeof phaseOf>) => phase === 'before' || phase === 'after'

const isSlow = (attempt: Attempt, since: 'dueNs' | 'sentNs', { deadlineNs }: Timers) =>
  attempt.endNs - attempt[since] >= deadlineNs / 2

function withoutHiccups(slow: readonly Attempt[]): Attempt[] {
  const slices = Map.groupBy(slow, ({ dueNs }) => Math.floor(dueNs / sliceNs))
  return [...slices.values()].flatMap(withoutHiccup)
}

const percent = (count: number, group: readonly Attempt[]) =>
  Math.round((1_000 * count) / Math.max(group.length, fewestRequests)) / 10
