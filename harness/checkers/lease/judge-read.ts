import type { Operation } from '../../history/operations.ts'
import { goneBy, type LeaseContext } from './gone-by.ts'
import type { LeaseLife } from './lifetimes.ts'
import { mayStaleLeaderRevoke } from './stalls.ts'
import { type Coverage, formatNs, type LeaseViolation } from './violation.ts'

/** Judges one get of a key that was put under a lease, and counts in `coverage` what it tests. */
export function judgeRead(
  read: Operation,
  { put, life }: { readonly put: Operation; readonly life: LeaseLife },
  context: LeaseContext,
  coverage: Coverage,
): LeaseViolation | undefined {
  const { invoke, completion, invokeIndex: culprit } = read
  const isThere = completion?.value !== null
  const sentNs = invoke.timeNs
  const answeredNs = completion?.timeNs ?? 0
  const partition = invoke.key ?? ''
  const found = `${partition} was ${isThere ? 'there' : 'missing'} at ${formatNs(answeredNs)}`
  const violation = (rest: Pick<LeaseViolation, 'code' | 'guarantee' | 'expected'>) => {
    return { ...rest, partition, culprit, found }
  }
  const wasPut = put.outcome === 'ok' && put.completeIndex < culprit
  if (wasPut && judgeKept(life, { isThere, answeredNs }, context, coverage)) {
    const expected = `lease ${life.lease} kept until ${formatNs(life.kept(answeredNs).untilNs)}`
    return violation({ code: 'lost-while-kept-alive', guarantee: 'kept', expected })
  }
  if (life.revokedNs < sentNs) {
    coverage.revoked++
    const expected = `lease ${life.lease} gone since it was revoked at ${formatNs(life.revokedNs)}`
    if (isThere) return violation({ code: 'alive-after-revoke', guarantee: 'revoked', expected })
  }
  const goneNs = goneBy(life, sentNs, context)
  if (goneNs < sentNs) {
    if (wasPut) coverage.expired++
    const expected = `lease ${life.lease} expired by ${formatNs(goneNs)}`
    if (isThere) return violation({ code: 'alive-after-expiry', guarantee: 'expired', expected })
  }
  return undefined
}

/** Whether the key is missing although its lease must exist. */
function judgeKept(
  life: LeaseLife,
  { isThere, answeredNs }: { readonly isThere: boolean; readonly answeredNs: number },
  context: LeaseContext,
  coverage: Coverage,
): boolean {
  const { sentNs: fromNs, untilNs } = life.kept(answeredNs)
  if (life.revokeAskedNs < answeredNs || answeredNs >= untilNs) return false
  const span = { grantedNs: life.grantedNs, fromNs, toNs: answeredNs }
  if (!mayStaleLeaderRevoke(context, span)) {
    coverage.kept++
    coverage.keptLeases.add(life.lease)
    return !isThere
  }
  if (isThere) return false
  coverage.lostToStalled++
  coverage.lostLeases.add(life.lease)
  return false
}
