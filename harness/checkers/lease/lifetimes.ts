import type { LeaseInvocation, LeaseLog } from '../../history/lease-log.ts'
import type { Window } from './fault-windows.ts'

export const nsPerS = 1e9

/** A member may believe for so long after a fault that it still leads. */
const afterFaultNs = 2 * nsPerS
/** etcd may carry a renewal to the leader for so long after its client gave up (ReqTimeout, 7 s). */
const lateNs = 10 * nsPerS

/** What can be said of one lease. */
export interface LeaseLife {
  readonly lease: string
  /** The longest time that it was ever given. */
  readonly ttlS: number
  /** When revoking was first asked for, and when that was first acknowledged; Infinity = never. */
  readonly revokeAskedNs: number
  readonly revokedNs: number
  /** From the last renewal that had been sent by then, and was acknowledged, as long as that keeps it. */
  kept(byNs: number): { readonly sentNs: number; readonly untilNs: number }
  /** When anything that had been sent by then may last have renewed it. */
  renewedByNs(byNs: number): number
}

interface Renewal {
  readonly sentNs: number
  /** Of its answer, or as late as it may still take effect. */
  readonly untilNs: number
  /** 0 = it proves nothing. */
  readonly ttlS: number
}

interface Life {
  readonly renewals: Renewal[]
  ttlS: number
  revokeAskedNs: number
  revokedNs: number
}

/** Every lease that was asked for. */
export function livesOf({ entries }: LeaseLog, faults: readonly Window[]): Map<string, LeaseLife> {
  const lives = new Map<string, Life>()
  const open = new Map<number, LeaseInvocation>()
  const lifeOf = (lease: string): Life => {
    const known = lives.get(lease) ?? blank()
    lives.set(lease, known)
    return known
  }
  for (const entry of entries) {
    if (entry.type === 'leader') continue
    const life = lifeOf(entry.lease)
    life.ttlS = Math.max(life.ttlS, entry.ttlS ?? 0)
    if (entry.type === 'invoke') {
      open.set(entry.process, entry)
      if (entry.f === 'revoke') life.revokeAskedNs = Math.min(life.revokeAskedNs, entry.timeNs)
      continue
    }
    const asked = open.get(entry.process)
    open.delete(entry.process)
    if (asked === undefined || entry.type === 'fail') continue
    if (asked.f !== 'revoke') life.renewals.push(renewalOf(asked, entry, faults))
    else if (entry.type === 'ok') life.revokedNs = Math.min(life.revokedNs, entry.timeNs)
  }
  for (const asked of open.values()) {
    if (asked.f !== 'revoke') lifeOf(asked.lease).renewals.push(unanswered(asked))
  }
  return new Map([...lives].map(([lease, life]) => [lease, asLease(lease, life)]))
}

function blank(): Life {
  return { renewals: [], ttlS: 0, revokeAskedNs: Infinity, revokedNs: Infinity }
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
  asked: LeaseInvocation,
  answer: { readonly type: string; readonly ttlS?: number; readonly timeNs: number },
  faults: readonly Window[],
): Renewal {
  if (answer.type !== 'ok') return unanswered(asked)
  const { timeNs: untilNs, ttlS = 0 } = answer
  const { timeNs: sentNs, member } = asked
  const isDoubtful = faults.some(({ beginNs, endNs, targets }) => {
    return targets.includes(member) && beginNs <= untilNs && sentNs <= endNs + afterFaultNs
  })
  return { sentNs, untilNs, ttlS: isDoubtful ? 0 : ttlS }
}

function unanswered({ timeNs: sentNs }: LeaseInvocation): Renewal {
  return { sentNs, untilNs: sentNs + lateNs, ttlS: 0 }
}
