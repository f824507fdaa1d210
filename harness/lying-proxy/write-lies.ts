import { everyNth, type Lie } from './lie.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  type RawAnswer,
  type RawHeader,
  type RawTxnAnswer,
  type RawTxnRequest,
} from './messages.ts'

/** Every fortieth put is acknowledged and never reaches the member. */
export const droppedWrite: Lie = {
  name: 'dropped-write',
  what: 'acknowledges a put and drops it',
  detectedBy: 'etcd-linearizability',
  start: (countLie) => {
    const isDue = everyNth(40)
    let last: RawHeader | undefined
    return {
      answer: async ({ method, forward }) => {
        if (method === 'Put' && last !== undefined && isDue()) {
          countLie()
          return encodeAnswer('KV', 'Put', { header: following(last) })
        }
        const bytes = await forward()
        if (method === 'Put') last = decodeAnswer<RawAnswer>('KV', 'Put', bytes).header ?? last
        return bytes
      },
    }
  },
}

/** Keys of locks, as the `lock` checker knows them. */
const lockPrefix = 'lock/'

/** A client that asks for a lock which another client holds receives it too. */
export const lockTwice: Lie = {
  name: 'lock-granted-twice',
  what: 'grants a lock to a second holder',
  detectedBy: 'lock',
  start: (countLie) => {
    const isDue = everyNth(3)
    return {
      answer: async ({ method, request, forward }) => {
        const bytes = await forward()
        if (method !== 'Txn' || !isOfLock(request)) return bytes
        const answer = decodeAnswer<RawTxnAnswer>('KV', 'Txn', bytes)
        if (answer.succeeded || answer.header === null || !isDue()) return bytes
        countLie()
        const { header } = answer
        const responses = [{ responsePut: { header } }]
        return encodeAnswer('KV', 'Txn', { header, succeeded: true, responses })
      },
    }
  },
}

function isOfLock(request: Buffer): boolean {
  const { compare } = decodeRequest<RawTxnRequest>('KV', 'Txn', request)
  return compare.some(({ key }) => key.toString().startsWith(lockPrefix))
}

function following(header: RawHeader): RawHeader {
  return { ...header, revision: String(BigInt(header.revision) + 1n) }
}
