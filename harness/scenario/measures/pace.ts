import { nsPerMs } from '../../core/clock.ts'
import type { Failure, Observations } from '../../run-record/evidence/observations.ts'
import type { Measures } from '../../run-record/schema/measures.ts'
import type { Attempt } from './attempts.ts'

/** Below this share of the planned rate before the fault, the workload is too weak to tell. */
const leastShare = 0.5

/** Whether enough operations were served before the fault for the drill to mean anything. */
export function checkServedRate(plannedRatePerS: number, { ratePerS = 0 }: Measures): Failure[] {
  if (ratePerS >= plannedRatePerS * leastShare) return []
  const served = `${ratePerS} of ${plannedRatePerS} operations/s`
  const reason = `too few operations served before the fault: ${served}`
  return [{ outcome: 'inconclusive', reason }]
}

/** From this share of requests on that were not sent, the machine decides how a drill goes. */
const mostSkipped = 0.1

/** Whether this machine kept the pace: it skips requests when those before have not even timed out. */
export function checkPace(workload: Observations['workload']): Failure[] {
  if (workload === undefined) return []
  const { sent, skipped } = workload
  if (skipped <= mostSkipped * (sent + skipped)) return []
  const reason = `this machine was too busy for the workload: ${skipped} of ${sent + skipped} requests were not sent`
  return [{ outcome: 'inconclusive', reason }]
}

const rateWindowNs = 2e9

/**
 * Operations served per second in the last two seconds before the first fault; without a fault, over the
 * whole drill: on a busy machine clients take seconds to connect.
 */
export function measureServedRate(
  attempts: readonly Attempt[],
  { faultNs, lastNs }: { readonly faultNs: number | undefined; readonly lastNs: number },
): number {
  const beginNs = attempts[0]?.sentNs ?? 0
  const endNs = faultNs ?? lastNs
  const fromNs = faultNs === undefined ? beginNs : Math.max(beginNs, faultNs - rateWindowNs)
  if (endNs <= fromNs) return 0
  const served = attempts.filter(
    (attempt) => attempt.outcome === 'ok' && fromNs <= attempt.endNs && attempt.endNs <= endNs,
  )
  return served.length / ((endNs - fromNs) / nsPerMs / 1_000)
}
