import { type TimeSpan, uniteSpans } from '../../core/spans.ts'
import type { Attempt } from './attempts.ts'
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
const busyShare = 0.05

/**
 * Whether the load generator sent so many of these requests a heartbeat late that what took long says
 * nothing about etcd: its members share the machine.
 */
export function isBusy(
  attempts: readonly Pick<Attempt, 'dueNs' | 'sentNs'>[],
  { lateNs }: Pick<Timers, 'lateNs'>,
): boolean {
  const late = attempts.filter(({ dueNs, sentNs }) => sentNs - dueNs >= lateNs)
  return late.length > busyShare * attempts.length
}

/**
 * A promise waits for many election timeouts: it is excused only from this share on, because then the
 * members hardly ran.
 */
const overwhelmedShare = 0.25

/** Whether so many requests were sent late, or not at all, that no state could come in time. */
export function isOverwhelmed(
  attempts: readonly Pick<Attempt, 'dueNs' | 'sentNs'>[],
  skippedNs: readonly number[],
  { lateNs }: Pick<Timers, 'lateNs'>,
): boolean {
  const late = attempts.filter(({ dueNs, sentNs }) => sentNs - dueNs >= lateNs).length
  const all = attempts.length + skippedNs.length
  return late + skippedNs.length > overwhelmedShare * all
}

/** As a reason: how many of all requests were sent late, or not at all; undefined when few were. */
export function describeBusyMachine(
  attempts: readonly Pick<Attempt, 'dueNs' | 'sentNs'>[],
  skippedNs: readonly number[],
  timers: Pick<Timers, 'lateNs'>,
): string | undefined {
  const skipped = skippedNs.map((timeNs) => ({ dueNs: timeNs, sentNs: Number.POSITIVE_INFINITY }))
  const all = [...attempts, ...skipped]
  if (!isBusy(all, timers)) return undefined
  const late = all.filter(({ dueNs, sentNs }) => sentNs - dueNs >= timers.lateNs).length
  return `this machine was busy: ${late} of ${all.length} requests were sent a heartbeat late or not at all`
}

/** Whether the machine stalled while the request was due or open. */
export function isStalled(
  { dueNs, endNs }: Pick<Attempt, 'dueNs' | 'endNs'>,
  stalls: readonly TimeSpan[],
): boolean {
  return stalls.some(({ fromNs, toNs }) => fromNs <= endNs && dueNs <= toNs)
}
