import { slowWaits } from '../../topology/timing.ts'
import type { Attempt } from './attempts.ts'
import { paceOf, wasInTime } from './pace-of-machine.ts'
import { phaseOf } from './phases.ts'
import type { ServedDrill } from './served-drill.ts'
import type { Timers } from './timers.ts'

/** Of fewer requests one percent is one or two, which may be chance. */
const fewestRequests = 200
/** So many later requests were served before it. */
const fewestOvertaking = 3

/**
 * Of the requests that succeeded while no fault was in force, how many percent took half of their
 * deadline or longer, or three long waits while this machine ran its load generator in time, although the
 * member served others of their class meanwhile that were sent a heartbeat later: of all requests, or of
 * those to one member, or of one kind, before or after the faults, whichever share is the highest. Fewer
 * than 200 requests count as 200. Undefined without requests.
 *
 * A busy machine or a slow disk holds up all requests alike: whatever is overtaken by others, the server
 * held back alone.
 */
export function measureSlowRequests({
  attempts,
  leaseAttempts,
  phases,
  stalls,
  timers,
}: Pick<ServedDrill, 'attempts' | 'leaseAttempts' | 'phases' | 'stalls' | 'timers'>):
  | number
  | undefined {
  const isServed = (attempt: Attempt) => {
    const phase = phaseOf(attempt, phases)
    return attempt.outcome === 'ok' && (phase === 'before' || phase === 'after')
  }
  const ofKeys = attempts.filter(isServed)
  const served = [...ofKeys, ...leaseAttempts.filter(isServed)]
  if (served.length === 0) return undefined
  const others = inOrder(ofKeys)
  const pace = paceOf({ attempts, stalls })
  const isLong = ({ sentNs, endNs }: Attempt) =>
    endNs - sentNs >= timers.deadlineNs / 2 ||
    (endNs - sentNs >= slowWaits * timers.longWaitNs &&
      wasInTime({ fromNs: sentNs, toNs: endNs }, pace))
  const slow = new Set(
    served
      .filter(isLong)
      .filter((attempt) => isOvertaken(attempt, others.get(lineOf(attempt)) ?? [], timers)),
  )
  const members = Map.groupBy(served, (each) => `${each.member} ${phaseOf(each, phases)}`)
  const kinds = Map.groupBy(served, (each) => `${each.kind} ${phaseOf(each, phases)}`)
  return Math.max(
    ...[served, ...members.values(), ...kinds.values()].map((group) => {
      const count = group.filter((each) => slow.has(each)).length
      return Math.round((1_000 * count) / Math.max(group.length, fewestRequests)) / 10
    }),
  )
}

/** Requests that wait for the same member and the same path within the cluster. */
const lineOf = ({ member, requestClass }: Attempt) => `${member} ${requestClass}`

function inOrder(attempts: readonly Attempt[]): ReadonlyMap<string, readonly Attempt[]> {
  const sorted = attempts.toSorted((one, other) => one.sentNs - other.sentNs)
  return Map.groupBy(sorted, lineOf)
}

function isOvertaken(
  { sentNs, endNs }: Attempt,
  others: readonly Attempt[],
  { lateNs }: Timers,
): boolean {
  let overtaking = 0
  for (let index = firstSentFrom(others, sentNs + lateNs); index < others.length; index++) {
    const other = others[index] as Attempt
    if (other.sentNs >= endNs - lateNs) return false
    if (other.endNs < endNs - lateNs && ++overtaking === fewestOvertaking) return true
  }
  return false
}

/** The index of the first request that was sent at that time or later. */
function firstSentFrom(ascending: readonly Attempt[], timeNs: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as Attempt).sentNs < timeNs) low = middle + 1
    else high = middle
  }
  return low
}
