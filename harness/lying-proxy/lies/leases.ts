import { acknowledgesOnly, altersAnswer } from '../interceptors.ts'
import type { Lie, StartLie } from '../lie.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  plus,
  type WireLease,
  type WireLeaseLife,
  type WireRange,
} from '../messages.ts'
import {
  isOf,
  leaseGrant,
  leaseKeepAlive,
  leaseLeases,
  leaseRevoke,
  leaseTimeToLive,
} from '../methods.ts'

const kind = 'lease'
const scenario = 'conformance/leases'

/** A lease, or its keys, live for another time than the server answers. */
export const leaseLies: readonly Lie[] = [
  {
    kind,
    name: 'renewal-acknowledged-only',
    says: 'answers a renewal with the whole time, and drops it',
    every: 20,
    detection: { scenario, id: 'renewal-restores-time' },
    start: renewsInWords(),
  },
  {
    kind,
    name: 'revocation-acknowledged-only',
    says: 'acknowledges the revocation of a lease, and drops it',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'lease/alive-after-revoke' },
    start: acknowledgesOnly(leaseRevoke),
  },
  {
    kind,
    name: 'lease-granted-short',
    says: 'grants half the time that it answers',
    every: 1,
    detection: { scenario, id: 'unrenewed-lease-expires' },
    start: grantsOtherTime((ttl) => ttl / 2n),
  },
  {
    kind,
    name: 'lease-granted-long',
    says: 'grants an hour more than it answers',
    every: 1,
    detection: { scenario, id: 'lease-lists-attached-keys' },
    start: grantsOtherTime((ttl) => (ttl > 100n ? ttl + 3_600n : ttl)),
  },
  {
    kind,
    name: 'lease-time-halved',
    says: 'answers half of the time that a lease has left',
    every: 1,
    detection: { scenario, id: 'lease-lists-attached-keys' },
    start: altersAnswer<WireLeaseLife>(leaseTimeToLive, (answer) =>
      answer.TTL === '-1' ? undefined : { ...answer, TTL: String(BigInt(answer.TTL) / 2n) },
    ),
  },
  {
    kind,
    name: 'lease-time-off-by-one',
    says: 'answers that a lease has more time left than it was granted',
    every: 1,
    detection: { scenario, id: 'lease-lists-attached-keys' },
    start: altersAnswer<WireLeaseLife>(leaseTimeToLive, (answer) =>
      // No scenario waits for the end of a lease this long.
      Number(answer.TTL) > 100 ? { ...answer, TTL: plus(answer.grantedTTL, 1) } : undefined,
    ),
  },
  {
    kind,
    name: 'lease-keys-hidden',
    says: 'answers that a lease has one key less than it has',
    every: 1,
    detection: { scenario, id: 'lease-lists-attached-keys' },
    start: altersAnswer<WireLeaseLife>(leaseTimeToLive, ({ keys, ...answer }) =>
      keys.length === 0 ? undefined : { ...answer, keys: keys.slice(1) },
    ),
  },
  {
    kind,
    name: 'lease-unlisted',
    says: 'leaves the newest lease out of the list of leases',
    every: 2,
    detection: { scenario, id: 'lease-listed-everywhere' },
    start: altersAnswer<{ readonly leases: readonly object[] }>(leaseLeases, (answer) => ({
      ...answer,
      leases: [],
    })),
  },
  {
    kind,
    name: 'lease-invented',
    says: 'lists a lease that no client was granted',
    every: 2,
    detection: { scenario, id: 'listed-lease-exists' },
    start: altersAnswer<{ readonly leases: readonly object[] }>(leaseLeases, (answer) => ({
      ...answer,
      leases: [...answer.leases, { ID: '4242' }],
    })),
  },
  {
    kind,
    name: 'lease-granted-under-other-id',
    says: 'answers a grant with an id that the client did not choose',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'lease/other-lease' },
    start: altersAnswer<WireLease, WireLease>(leaseGrant, (answer, { ID }) =>
      ID === '0' ? undefined : { ...answer, ID: plus(ID, 1) },
    ),
  },
  {
    kind,
    name: 'renewal-of-other-lease',
    says: 'answers a renewal with the id of another lease',
    every: 1,
    detection: { scenario, id: 'renewal-names-its-lease' },
    start: (isDue) => ({
      stream: (method) => {
        if (!isOf(method, leaseKeepAlive)) return {}
        return {
          response: (bytes, { toClient }) => {
            const answer = decodeAnswer<WireLease>(leaseKeepAlive, bytes)
            if (!isDue()) toClient(bytes)
            else toClient(encodeAnswer(leaseKeepAlive, { ...answer, ID: plus(answer.ID, 1) }))
          },
        }
      },
    }),
  },
  {
    kind,
    name: 'lease-time-of-other-lease',
    says: 'answers the time of a lease with the id of another one',
    every: 1,
    detection: { scenario, id: 'lease-time-names-its-lease' },
    start: altersAnswer<WireLeaseLife>(leaseTimeToLive, (answer) => ({
      ...answer,
      ID: plus(answer.ID, 1),
    })),
  },
  {
    kind,
    name: 'lease-lost',
    says: 'grants a lease and revokes it at once',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'ignore-value-changes-lease-only' },
    start: (isDue) => ({
      answer: async (exchange) => {
        const bytes = await exchange.forward()
        if (!isOf(exchange, leaseGrant) || !isDue()) return bytes
        const { ID } = decodeAnswer<WireLease>(leaseGrant, bytes)
        await exchange.ask('Lease', 'LeaseRevoke', { ID })
        return bytes
      },
    }),
  },
  {
    kind,
    name: 'keys-outlive-lease',
    says: 'revokes a lease and keeps one of its keys',
    every: 1,
    detection: { scenario: 'conformance/key-value', id: 'lease/alive-after-revoke' },
    start: (isDue) => ({
      answer: async (exchange) => {
        if (!isOf(exchange, leaseRevoke)) return exchange.forward()
        const { ID } = decodeRequest<WireLease>(leaseRevoke, exchange.request)
        const { keys } = await exchange.ask<WireLeaseLife>('Lease', 'LeaseTimeToLive', {
          ID,
          keys: true,
        })
        const [key] = keys
        if (key === undefined || !isDue()) return exchange.forward()
        const { kvs } = await exchange.ask<WireRange>('KV', 'Range', { key })
        const bytes = await exchange.forward()
        await exchange.ask('KV', 'Put', { key, value: kvs[0]?.value })
        return bytes
      },
    }),
  },
]

/** The member counts another time than the proxy answers. */
function grantsOtherTime(other: (ttlS: bigint) => bigint): StartLie {
  return (isDue) => ({
    answer: async (exchange) => {
      if (!isOf(exchange, leaseGrant) || !isDue()) return exchange.forward()
      const request = decodeRequest<WireLease>(leaseGrant, exchange.request)
      const granted = { ...request, TTL: String(other(BigInt(request.TTL))) }
      const bytes = await exchange.forward({ request: encodeRequest(leaseGrant, granted) })
      const answer = decodeAnswer<WireLease>(leaseGrant, bytes)
      return encodeAnswer(leaseGrant, { ...answer, TTL: request.TTL })
    },
  })
}

/** Renewals go over a stream; a lease is known by its grant. */
function renewsInWords(): StartLie {
  return (isDue) => {
    const granted = new Map<string, string>()
    return {
      answer: async (exchange) => {
        const bytes = await exchange.forward()
        if (!isOf(exchange, leaseGrant)) return bytes
        const { ID, TTL } = decodeAnswer<WireLease>(leaseGrant, bytes)
        granted.set(ID, TTL)
        return bytes
      },
      stream: (method) => {
        if (!isOf(method, leaseKeepAlive)) return {}
        return {
          request: (bytes, { toClient, toMember }) => {
            const { ID } = decodeRequest<WireLease>(leaseKeepAlive, bytes)
            const TTL = granted.get(ID)
            if (TTL === undefined || !isDue()) toMember(bytes)
            else toClient(encodeAnswer(leaseKeepAlive, { ID, TTL }))
          },
        }
      },
    }
  }
}
