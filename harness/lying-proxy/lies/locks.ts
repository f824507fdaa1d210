import { altersAnswer, answersItself } from '../interceptors.ts'
import type { Lie } from '../lie.ts'
import type { WireAnswer, WirePut, WireTxn, WireTxnRequest } from '../messages.ts'
import { campaign, lock, txn } from '../methods.ts'

const kind = 'lock'
const scenario = 'conformance/locks-elections'

interface WireContender {
  readonly name: Buffer
  readonly lease: string
  readonly value?: Buffer
}

/** Keys of locks that clients take by a compare-and-set, as the `lock` checker knows them. */
const lockPrefix = 'lock/'

/** A lock has two holders, or an election two leaders. */
export const lockLies: readonly Lie[] = [
  {
    kind,
    name: 'lock-granted-twice',
    says: 'grants a lock at once, whether it is held or not',
    every: 1,
    detection: { scenario, id: 'contender-waits' },
    start: answersItself<WireContender>(lock, ({ name, lease }) => async ({ ask }) => {
      const key = contenderKey(name, lease)
      const { header } = await ask<WirePut>('KV', 'Put', { key, lease })
      return { header, key }
    }),
  },
  {
    kind,
    name: 'lock-granted-twice-rarely',
    says: 'grants a lock at once to one in ten clients, whether it is held or not',
    every: 10,
    detection: { scenario, id: 'lock-never-held-twice' },
    start: answersItself<WireContender>(lock, ({ name, lease }) => async ({ ask }) => {
      const key = contenderKey(name, lease)
      const { header } = await ask<WirePut>('KV', 'Put', { key, lease })
      return { header, key }
    }),
  },
  {
    kind,
    name: 'cas-lock-granted-twice',
    says: 'answers a compare-and-set of a held lock as if it had been free',
    every: 3,
    detection: { scenario, id: 'lock/granted-twice' },
    start: altersAnswer<WireTxn, WireTxnRequest>(txn, ({ header, succeeded }, { compare }) => {
      const isOfLock = compare.some(({ key }) => key.toString().startsWith(lockPrefix))
      if (!isOfLock || succeeded) return undefined
      return { header, succeeded: true, responses: [{ responsePut: { header } }] }
    }),
  },
  {
    kind,
    name: 'two-leaders-elected',
    says: 'elects a candidate at once, whether another leads or not',
    every: 1,
    detection: { scenario, id: 'one-leader-at-a-time' },
    start: answersItself<WireContender>(campaign, ({ name, lease, value }) => async ({ ask }) => {
      const key = contenderKey(name, lease)
      const { header } = await ask<WireAnswer>('KV', 'Put', { key, lease, value })
      return { header, leader: { name, key, rev: header.revision, lease } }
    }),
  },
]

/** As etcd names the key of a contender: the lease in hexadecimal. */
function contenderKey(name: Buffer, lease: string): Buffer {
  return Buffer.concat([name, Buffer.from(`/${BigInt(lease).toString(16)}`)])
}
