import { everyNth, type Lie } from './lie.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, type RawAnswer } from './messages.ts'

interface RawLease {
  readonly ID: string
  readonly TTL: string
}

/** Every renewal is acknowledged with the lease's whole time and never reaches the member. */
export const droppedKeepalive: Lie = {
  name: 'dropped-keepalive',
  what: 'acknowledges the renewal of a lease that it never passed on',
  detectedBy: 'lease',
  start: (lied) => {
    const granted = new Map<string, RawLease>()
    return {
      answer: async ({ method, forward }) => {
        const bytes = await forward()
        if (method === 'LeaseGrant') {
          const lease = decodeAnswer<RawLease>('Lease', 'LeaseGrant', bytes)
          granted.set(lease.ID, lease)
        }
        return bytes
      },
      keepAlive: (request) => {
        const { ID } = decodeRequest<RawLease>('Lease', 'LeaseKeepAlive', request)
        const lease = granted.get(ID)
        if (lease === undefined) return undefined
        lied()
        return encodeAnswer('Lease', 'LeaseKeepAlive', { ID, TTL: lease.TTL })
      },
    }
  },
}

/** Every second lease that is revoked stays. */
export const droppedRevoke: Lie = {
  name: 'dropped-revoke',
  what: 'acknowledges the end of a lease that it never passed on',
  detectedBy: 'lease',
  start: (lied) => {
    const isDue = everyNth(2)
    let header: RawAnswer['header'] = null
    return {
      answer: async ({ method, forward }) => {
        if (method === 'LeaseRevoke' && header !== null && isDue()) {
          lied()
          return encodeAnswer('Lease', 'LeaseRevoke', { header })
        }
        const bytes = await forward()
        if (method === 'Put') ({ header } = decodeAnswer<RawAnswer>('KV', 'Put', bytes))
        return bytes
      },
    }
  },
}
