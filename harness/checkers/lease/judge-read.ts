import type { LeaseLog } from '../../history/lease-log.ts'
import type { Operation } from '../../history/operations.ts'
import { type LeaseLife, nsPerS } from './lifetimes.ts'
import { type LeadersAndFaults, mayStaleLeaderRevoke } from './stalls.ts'

/** The kinds of violation of `lease`. */
export const leaseCodes = [
  'lost-while-kept-alive',
  'alive-after-expiry',
  'alive-after-revoke',
] as const

export interface LeaseViolation {
  readonly code: (typeof leaseCodes)[number]
  readonly guarantee: 'kept' | 'expired' | 'revoked'
  readonly read: Operation
  readonly expected: string
  readonly found: string
}

/** How many reads would have shown each guarantee broken. */
export interface Coverage {
  kept: number
  expired: number
  revoked: number
  /** Keys that were missing too early, where a stalled member may have come back. */
  lostToStalled: number
}

interface LeaseContext extends LeadersAndFaults {
  readonly log: LeaseLog
}

/** Judges one get of a key that was put under a lease, and counts in `coverage` what it tests. */
export function judgeRead(
  read: Operation,
  { put, life }: { readonly put: Operation; readonly life: LeaseLife },
  context: LeaseContext,
  coverage: Coverage,
): LeaseViolation | undefined {
  const { invoke, completion, invokeIndex } = read
  const isThere = completion?.value !== null
  const sentNs = invoke.timeNs
  const answeredNs = completion?.timeNs ?? 0
  const found = `${invoke.key ?? ''} was ${isThere ? 'there' : 'missing'} at ${formatNs(answeredNs)}`
  const wasPut = put.outcome === 'ok' && put.completeIndex < invokeIndex
  const { sentNs: fromNs, untilNs } = life.kept(answeredNs)
  if (wasPut && !(life.revokeAskedNs < answeredNs) && answeredNs < untilNs) {
    const isSure = !mayStaleLeaderRevoke(context, { fromNs, toNs: answeredNs })
    const expected = `lease ${life.lease} kept until ${formatNs(untilNs)}`
    if (isSure) coverage.kept++
    else if (!isThere) coverage.lostToStalled++
    if (isSure && !isThere) {
      return { code: 'lost-while-kept-alive', guarantee: 'kept', read, expected, found }
    }
  }
  if (life.revokedNs < sentNs) {
    coverage.revoked++
    const expected = `lease ${life.lease} gone since it was revoked at ${formatNs(life.revokedNs)}`
    if (isThere) return { code: 'alive-after-revoke', guarantee: 'revoked', read, expected, found }
  }
  const goneNs = goneBy(life, sentNs, context)
  if (goneNs < sentNs) {
    if (wasPut) coverage.expired++
    const expected = `lease ${life.lease} expired by ${formatNs(goneNs)}`
    if (isThere) return { code: 'alive-after-expiry', guarantee: 'expired', read, expected, found }
  }
  return undefined
}

const formatNs = (ns: number) => `${(ns / nsPerS).toFixed(2)} s`

/** When the lease must be gone, as of this moment; Infinity while a fault is in force. */
function goneBy(life: LeaseLife, atNs: number, { log, faults, leadersNs }: LeaseContext): number {
  if (faults.some(({ beginNs, endNs }) => beginNs <= atNs && atNs <= endNs)) return Infinity
  const before = [...leadersNs, ...faults.map(({ endNs }) => endNs)].filter((ns) => ns <= atNs)
  const renewedNs = Math.max(life.renewedByNs(atNs), ...before)
  return renewedNs + life.ttlS * nsPerS + log.header.slackMs * 1e6
}
