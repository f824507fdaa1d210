import type { Operation } from '../../history/operations.ts'
import { shorten } from '../verdict/format.ts'
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
  const found = `${shorten(partition)} was ${isThere ? 'there' : 'missing'} at ${formatNs(answeredNs)}`
  const shown = { partition, lease: life.lease, culprit, put: put.invokeIndex, found }
  const wasPut = put.outcome === 'ok' && put.completeIndex < culprit
  if (wasPut && judgeKept(life, { isThere, answeredNs }, context, coverage)) {
    const { sentNs: keptFromNs, untilNs: keptUntilNs } = life.kept(answeredNs)
    const expected = `lease ${life.lease} kept until ${formatNs(keptUntilNs)}`
    const kept = { keptFromNs, keptUntilNs, expected }
    return { code: 'lost-while-kept-alive', guarantee: 'kept', ...shown, ...kept }
  }
  if (life.revokedNs < sentNs) {
    coverage.revoked++
    const expected = `lease ${life.lease} gone since it was revoked at ${formatNs(life.revokedNs)}`
    const gone = { goneSinceNs: life.revokedNs, expected }
    if (isThere) return { code: 'alive-after-revoke', guarantee: 'revoked', ...shown, ...gone }
  }
  const goneNs = goneBy(life, sentNs, context)
  if (goneNs < sentNs) {
    if (wasPut) coverage.expired++
    const expected = `lease ${life.lease} expired by ${formatNs(goneNs)}`
    const gone = { goneSinceNs: goneNs, expected }
    if (isThere) return { code: 'alive-after-expiry', guarantee: 'expired', ...shown, ...gone }
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
