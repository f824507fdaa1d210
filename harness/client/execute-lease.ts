import { messageOf } from '../core/errors.ts'
import type { LeaseRequestKind } from '../history/logs/lease.ts'
import type { Completion } from '../history/recorder.ts'
import { classify } from './classify.ts'
import { leaseGrant, leaseKeepAliveOnce, leaseRevoke } from './lease.ts'
import type { MemberClient } from './member-client.ts'

/** Tries one request about a lease once; never rejects. `ttlS` 0 = the lease does not exist. */
export async function executeLease(
  client: MemberClient,
  request: { readonly kind: LeaseRequestKind; readonly lease: string; readonly ttlS?: number },
): Promise<Completion> {
  try {
    return { type: 'ok', ...(await send(client, request)) }
  } catch (thrown) {
    return { type: classify(thrown), error: messageOf(thrown) }
  }
}

async function send(
  client: MemberClient,
  { kind, lease, ttlS = 0 }: Parameters<typeof executeLease>[1],
): Promise<{ ttlS?: number; otherLease?: string }> {
  if (kind === 'revoke') {
    await leaseRevoke(client, lease)
    return {}
  }
  if (kind === 'keepalive') {
    const kept = await leaseKeepAliveOnce(client, lease)
    return { ttlS: Math.max(0, kept.ttlS), ...otherLease(kept.id, lease) }
  }
  const granted = await leaseGrant(client, { id: lease, ttlS })
  return { ttlS: granted.ttlS, ...otherLease(granted.id, lease) }
}

/** Only a wrong answer is about another lease than the one that was asked for. */
const otherLease = (answered: string, asked: string) =>
  answered === asked ? {} : { otherLease: answered }
