import { type TimeSpan, uniteSpans } from '../../core/spans.ts'
import type { Attempt } from '../../history/attempts.ts'
import type { Timers } from './timers.ts'

/**
 * When this machine's load generator was far behind its plan, or left requests out: what was open then
 * may be late because of it, and proves nothing about etcd.
 */
export function findStalls(
  attempts: readonly Pick<Attempt, 'dueNs' | 'sentNs'>[],
  skippedNs: readonly number[],
  { stallNs }: Pick<Timers, 'stallNs'>,
): TimeSpan[] {
  const late = attempts
    .filter(({ dueNs, sentNs }) => sentNs - dueNs >= stallNs)
    .map(({ dueNs, sentNs }) => ({ fromNs: dueNs, toNs: sentNs }))
  const skipped = skippedNs.map((timeNs) => ({ fromNs: timeNs, toNs: timeNs + stallNs }))
  return uniteSpans([...late, ...skipped])
}

/** From this share of late requests on, whatever took long may have waited for this machine. */
const busyShare = 0.1

/** Whether the load generator was so often late that no latency says anything about etcd. */
export function isBusy(
  attempts: readonly Pick<Attempt, 'dueNs' | 'sentNs'>[],
  { lateNs }: Pick<Timers, 'lateNs'>,
): boolean {
  const late = attempts.filter(({ dueNs, sentNs }) => sentNs - dueNs >= lateNs)
  return late.length > busyShare * attempts.length
}

/** Whether the machine stalled while the request was due or open. */
export function isStalled(
  { dueNs, endNs }: Pick<Attempt, 'dueNs' | 'endNs'>,
  stalls: readonly TimeSpan[],
): boolean {
  return stalls.some(({ fromNs, toNs }) => fromNs <= endNs && dueNs <= toNs)
}
