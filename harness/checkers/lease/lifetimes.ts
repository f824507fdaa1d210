import type { FaultWindow } from '../../history/fault-windows.ts'
import { joinRequests } from '../../history/join.ts'
import type { LeaseCompletion, LeaseInvocation, LeaseLog } from '../../history/logs/lease.ts'
import { nsPerS } from './violation.ts'

/** A member may believe for so long after a fault that it still leads. */
const afterFaultNs = 2 * nsPerS
/** etcd may still apply a renewal for so long after its client sent it (ReqTimeout, 7 s). */
const lateNs = 10 * nsPerS

/** What the requests of one lease say about its life. */
export interface LeaseLife {
  readonly lease: string
  /** The longest time to live that it was given. */
  readonly ttlS: number
  /** When it was first requested; Infinity = never. */
  readonly grantedNs: number
  /** The time that an acknowledged grant answered; undefined = none did. */
  readonly grantedS: number | undefined
  /** Since when a client knows that it exists; Infinity = none does. */
  readonly knownNs: number
  /** When a revoke was first sent, and when one was first acknowledged; Infinity = never. */
  readonly revokeAskedNs: number
  readonly revokedNs: number
  /** Of the acknowledged renewals that had been sent by then: the span of the one that keeps it longest. */
  kept(byNs: number): { readonly sentNs: number; readonly untilNs: number }
  /** When a request that had been sent by then may last have renewed it. */
  renewedByNs(byNs: number): number
}

interface Renewal {
  readonly sentNs: number
  /** When it was answered, or the last moment at which it may still take effect. */
  readonly untilNs: number
  /** 0 = it proves nothing. */
  readonly ttlS: number
}

interface Life {
  readonly renewals: Renewal[]
  ttlS: number
  grantedNs: number
  grantedS: number | undefined
  knownNs: number
  revokeAskedNs: number
  revokedNs: number
}

/** Every lease that a request names. */
export function livesOf(
  { entries }: LeaseLog,
  faults: readonly FaultWindow[],
): Map<string, LeaseLife> {
  const lives = new Map<string, Life>()
  const lifeOf = (lease: string): Life => {
    const known = lives.get(lease) ?? createLife()
    lives.set(lease, known)
    return known
  }
  for (const { f, outcome, invoke, completion } of joinRequests<LeaseInvocation, LeaseCompletion>(
    entries,
  )) {
    const life = lifeOf(invoke.lease)
    life.ttlS = Math.max(life.ttlS, invoke.ttlS ?? 0, completion?.ttlS ?? 0)
    if (f === 'grant') life.grantedNs = Math.min(life.grantedNs, invoke.timeNs)
    if (f !== 'revoke') {
      if (outcome !== 'fail') life.renewals.push(renewalOf(invoke, completion, faults))
      if (outcome === 'ok') noteAnswer(life, f, completion)
      continue
    }
    life.revokeAskedNs = Math.min(life.revokeAskedNs, invoke.timeNs)
    if (outcome === 'ok') life.revokedNs = Math.min(life.revokedNs, completion?.timeNs ?? Infinity)
  }
  return new Map([...lives].map(([lease, life]) => [lease, asLease(lease, life)]))
}

function createLife(): Life {
  const never = { revokeAskedNs: Infinity, revokedNs: Infinity, grantedNs: Infinity }
  return { renewals: [], ttlS: 0, grantedS: undefined, knownNs: Infinity, ...never }
}

function noteAnswer(life: Life, f: string, answer: LeaseCompletion | undefined): void {
  const { timeNs = Infinity, ttlS = 0 } = answer ?? {}
  if (ttlS > 0) life.knownNs = Math.min(life.knownNs, timeNs)
  if (f === 'grant') life.grantedS = ttlS
}

const never = { sentNs: 0, untilNs: 0 }

function asLease(lease: string, { renewals, ...life }: Life): LeaseLife {
  const sentBy = (byNs: number) => renewals.filter(({ sentNs }) => sentNs <= byNs)
  return {
    lease,
    ...life,
    kept: (byNs) => {
      const firm = sentBy(byNs).filter(({ ttlS }) => ttlS > 0)
      const spans = firm.map(({ sentNs, ttlS }) => ({ sentNs, untilNs: sentNs + ttlS * nsPerS }))
      return spans.toSorted((one, other) => other.untilNs - one.untilNs)[0] ?? never
    },
    renewedByNs: (byNs) => Math.max(0, ...sentBy(byNs).map(({ untilNs }) => untilNs)),
  }
}

function renewalOf(
  invocation: LeaseInvocation,
  answer: LeaseCompletion | undefined,
  faults: readonly FaultWindow[],
): Renewal {
  if (answer?.type !== 'ok') return unanswered(invocation)
  const { timeNs: untilNs, ttlS = 0 } = answer
  const { timeNs: sentNs, member } = invocation
  return { sentNs, untilNs, ttlS: isDoubtful(member, { sentNs, untilNs }, faults) ? 0 : ttlS }
}

/**
 * A member under a fault, or shortly after, may wrongly believe that it leads; behind a door it may be any
 * member that answers.
 */
export function isDoubtful(
  member: string | undefined,
  { sentNs, untilNs }: { readonly sentNs: number; readonly untilNs: number },
  faults: readonly FaultWindow[],
): boolean {
  return faults.some(({ beginNs, endNs, targets }) => {
    const isAimedAt = member === undefined || targets.includes(member)
    return isAimedAt && beginNs <= untilNs && sentNs <= endNs + afterFaultNs
  })
}

function unanswered({ timeNs: sentNs }: LeaseInvocation): Renewal {
  return { sentNs, untilNs: sentNs + lateNs, ttlS: 0 }
}
