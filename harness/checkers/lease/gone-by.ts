import type { LeaseLog } from '../../history/logs/lease.ts'
import type { LeaseLife } from './lifetimes.ts'
import type { LeadersAndFaults } from './stalls.ts'
import { nsPerS } from './violation.ts'

export interface LeaseContext extends LeadersAndFaults {
  readonly log: LeaseLog
}

/**
 * When the lease must be gone, by what had been sent before this moment; Infinity while a fault is in
 * force.
 */
export function goneBy(
  life: LeaseLife,
  atNs: number,
  { log, faults, leaders }: LeaseContext,
): number {
  if (faults.some(({ beginNs, endNs }) => beginNs <= atNs && atNs <= endNs)) return Infinity
  const times = [...leaders.map((one) => one.atNs), ...faults.map(({ endNs }) => endNs)]
  const renewedNs = Math.max(life.renewedByNs(atNs), ...times.filter((ns) => ns <= atNs))
  return renewedNs + life.ttlS * nsPerS + log.header.slackMs * 1e6
}
