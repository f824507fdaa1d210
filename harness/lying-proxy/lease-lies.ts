import { everyNth, type Lie } from './lie.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, type RawAnswer } from './messages.ts'

interface RawLease {
  readonly ID: string
  readonly TTL: string
}

/** Acknowledges every renewal with the lease's whole time, and drops it. */
export const droppedKeepalive: Lie = {
  name: 'dropped-keepalive',
  what: 'acknowledges the renewal of a lease and drops it',
  detectedBy: 'lease',
  start: (countLie) => {
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
        countLie()
        return encodeAnswer('Lease', 'LeaseKeepAlive', { ID, TTL: lease.TTL })
      },
    }
  },
}

/** Acknowledges every second revocation, and drops it. */
export const droppedRevoke: Lie = {
  name: 'dropped-revoke',
  what: 'acknowledges the revocation of a lease and drops it',
  detectedBy: 'lease',
  start: (countLie) => {
    const isDue = everyNth(2)
    let header: RawAnswer['header'] = null
    return {
      answer: async ({ method, forward }) => {
        if (method === 'LeaseRevoke' && header !== null && isDue()) {
          countLie()
          return encodeAnswer('Lease', 'LeaseRevoke', { header })
        }
        const bytes = await forward()
        if (method === 'Put') ({ header } = decodeAnswer<RawAnswer>('KV', 'Put', bytes))
        return bytes
      },
    }
  },
}
