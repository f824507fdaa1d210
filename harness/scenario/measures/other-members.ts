import type { Bounds } from './bounds.ts'
import { isUnserved } from './outages/unserved-spans.ts'
import type { ServedDrill } from './served-drill.ts'
import { isStalled } from './stalls.ts'

/**
 * The share of requests that were not served in time at members that no fault was aimed at, from the
 * first fault on. Those during which this machine stalled are in the upper bound alone. Without such a
 * member there is nothing to measure.
 */
export function measureOtherMembers({ attempts, windows, phases, stalls, timers }: ServedDrill): {
  readonly measures: { readonly otherMembersUnserved?: number }
  readonly bounds: Bounds
} {
  const targets = new Set(windows.flatMap((window) => window.targets))
  const { firstFaultNs = 0 } = phases
  const own = attempts.filter(({ member, dueNs }) => dueNs >= firstFaultNs && !targets.has(member))
  if (own.length === 0) return { measures: {}, bounds: {} }
  const unserved = own.filter((attempt) => isUnserved(attempt, timers))
  const proved = unserved.filter((attempt) => !isStalled(attempt, stalls))
  const [least, most] = [round(proved.length / own.length), round(unserved.length / own.length)]
  return {
    measures: { otherMembersUnserved: most },
    bounds: { otherMembersUnserved: { least, most, why: 'this machine stalled' } },
  }
}

const round = (share: number) => Math.round(share * 10_000) / 10_000
