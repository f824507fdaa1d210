import { nsPerMs } from '../../core/clock.ts'
import type { Bounds } from './bounds.ts'
import { findOutages } from './outages/cluster-outages.ts'
import type { ServedDrill } from './served-drill.ts'
import { isBusy } from './stalls.ts'

/**
 * How long the clients of a member whose process runs again are not served yet: the longest, of writes,
 * from the end of the fault that stopped it. One that is never served has no end to measure; the steady
 * state after the faults demands it. Nothing is measured without a member that was stopped and runs again.
 */
export function measureRestarts({ attempts, windows, timers, endsElsewhere }: ServedDrill): {
  readonly measures: { readonly restartedMemberMs?: number }
  readonly bounds: Bounds
} {
  const restarts = windows
    .filter(({ effect, endNs }) => effect === 'stops' && Number.isFinite(endNs))
    .flatMap(({ targets, endNs }) => targets.map((member) => ({ member, endNs })))
  if (restarts.length === 0 || endsElsewhere) return { measures: {}, bounds: {} }
  const writes = attempts.filter(({ requestClass }) => requestClass === 'write')
  const { members } = findOutages(writes, timers)
  const waits = restarts.map(({ member, endNs: fromNs }) => {
    const outage = members
      .get(member)
      ?.find(({ beginNs, endNs }) => endNs !== null && beginNs <= fromNs && fromNs < endNs)
    return outage === undefined ? 0 : ((outage.endNs ?? fromNs) - fromNs) / nsPerMs
  })
  const most = Math.round(Math.max(...waits) * 10) / 10
  const least = isBusy(attempts, timers) ? 0 : most
  const why = 'this machine sent its requests late'
  return {
    measures: { restartedMemberMs: most },
    bounds: { restartedMemberMs: { least, most, why } },
  }
}
