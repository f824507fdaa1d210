import type { LeaseCompletion, LeaseInvocation } from '../../history/logs/lease.ts'
import type { Operation } from '../../history/operations.ts'
import { nameOfAddressee } from '../../history/request.ts'
import { goneBy, type LeaseContext } from './gone-by.ts'
import { isDoubtful, type LeaseLife } from './lifetimes.ts'
import { mayStaleLeaderRevoke } from './stalls.ts'
import { type Coverage, formatNs, type LeaseViolation } from './violation.ts'

type JoinedRequest = Operation<LeaseInvocation, LeaseCompletion>

/** The leader may apply a grant so long after another member has acknowledged it. */
const applyNs = 1e9

/**
 * Judges what a grant or a renewal answered: the granted time, or none for a lease that does not
 * exist. Counts in `coverage` what it tests. An answer through a member under a fault, or shortly
 * after, may be of a former leader: only its time is judged.
 */
export function judgeAnswer(
  { f, invoke, completion, invokeIndex: request }: JoinedRequest,
  life: LeaseLife,
  context: LeaseContext,
  coverage: Coverage,
): LeaseViolation | undefined {
  const { ttlS, otherLease } = completion ?? {}
  if (completion?.type !== 'ok' || f === 'revoke' || ttlS === undefined) return undefined
  const span = { sentNs: invoke.timeNs, untilNs: completion.timeNs }
  const words = `${f} of lease ${life.lease} at ${nameOfAddressee(invoke)} answered ${formatId(otherLease)}${ttlS} s at ${formatNs(span.untilNs)}`
  const claim =
    findOtherLease(otherLease, life) ??
    findWrongTtl({ f, ttlS, asked: invoke.ttlS }, life, coverage) ??
    (f === 'keepalive' && !isDoubtful(invoke.member, span, context.faults)
      ? findWrongExistence(ttlS > 0, span, { life, context, coverage })
      : undefined)
  const { lease } = life
  return claim && { ...claim, partition: `lease ${lease}`, lease, request, found: words }
}

const formatId = (otherLease: string | undefined) =>
  otherLease === undefined ? '' : `lease ${otherLease}, `

function findOtherLease(answered: string | undefined, { lease }: LeaseLife): Claim | undefined {
  if (answered === undefined) return undefined
  return { code: 'other-lease', guarantee: 'id', expected: `lease ${lease}, as requested` }
}

type Claim = Omit<LeaseViolation, 'partition' | 'lease' | 'found'>

/** etcd grants at least the requested time, and renews for the granted one. */
function findWrongTtl(
  { f, ttlS, asked = 0 }: { f: string; ttlS: number; asked: number | undefined },
  { grantedS }: LeaseLife,
  coverage: Coverage,
): Claim | undefined {
  const wrong = { code: 'wrong-ttl', guarantee: 'time to live' } as const
  if (f === 'grant') {
    coverage.answers++
    return ttlS < asked ? { ...wrong, expected: `${asked} s or more, as requested` } : undefined
  }
  if (ttlS === 0 || grantedS === undefined) return undefined
  coverage.answers++
  return ttlS === grantedS ? undefined : { ...wrong, expected: `${grantedS} s, as granted` }
}

function findWrongExistence(
  exists: boolean,
  { sentNs, untilNs }: { readonly sentNs: number; readonly untilNs: number },
  parts: { readonly life: LeaseLife; readonly context: LeaseContext; readonly coverage: Coverage },
): Claim | undefined {
  const { life, context, coverage } = parts
  const { faults, log } = context
  if (!exists) {
    const kept = life.kept(untilNs)
    const isKept = life.knownNs + applyNs <= sentNs && untilNs < kept.untilNs
    if (!isKept || life.revokeAskedNs < untilNs) return undefined
    const span = { grantedNs: life.grantedNs, fromNs: kept.sentNs, toNs: untilNs }
    if (mayStaleLeaderRevoke(context, span)) return undefined
    coverage.answers++
    const expected = `it kept until ${formatNs(kept.untilNs)}`
    const bound = { keptFromNs: kept.sentNs, keptUntilNs: kept.untilNs }
    return { code: 'lost-while-kept-alive', guarantee: 'kept', expected, ...bound }
  }
  if (faults.some(({ beginNs, endNs }) => beginNs <= untilNs && sentNs <= endNs)) return undefined
  if (life.revokedNs + log.header.slackMs * 1e6 < sentNs) {
    const expected = `none, since it was revoked at ${formatNs(life.revokedNs)}`
    const goneSinceNs = life.revokedNs
    return { code: 'alive-after-revoke', guarantee: 'revoked', expected, goneSinceNs }
  }
  const goneNs = goneBy(life, sentNs - 1, context)
  if (goneNs >= sentNs) return undefined
  const expected = `none, since it expired by ${formatNs(goneNs)}`
  return { code: 'alive-after-expiry', guarantee: 'expired', expected, goneSinceNs: goneNs }
}
