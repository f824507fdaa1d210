import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { keyAfterPut } from './key-after-put.ts'

/** A fault that shows only sometimes needs several attempts. */
const changes = 30
const rounds = 20

/** Puts and deletes one key through each member in turn; each must return the state before it. */
export async function previousValues({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}previous`
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  let before: etcd.KeyValue | undefined
  const put = async (turn: number) => {
    const on = turn % 3 === 0 ? lease : '0'
    const value = `value ${turn}`
    const request = { key, value, prevKv: true, ...(on !== '0' && { lease: on }) }
    const { revision, prevKv: found } = await etcd.put(client(turn), request)
    const expected = before
    before = keyAfterPut(before, { key, value, lease: on, revision })
    return { what: `put ${turn}`, found, expected }
  }
  const remove = async (turn: number) => {
    const { prevKvs: found } = await etcd.deleteKeys(client(turn), { key, prevKv: true })
    const expected = before === undefined ? [] : [before]
    before = undefined
    return { what: `delete ${turn}`, found, expected }
  }
  await check.equalEach(
    'previous-value-is-whole-key',
    'each put and delete returns every field of the previous key',
    changes,
    (turn) => (turn % 7 === 6 ? remove(turn) : put(turn)),
  )
  await etcd.leaseRevoke(client(0), lease)
}

/** Deletes ranges and prefixes of several sizes through one member and reads the rest from another. */
export async function rangeDeletes({ check, client, prefix }: TopicContext): Promise<void> {
  await check.equalEach(
    'range-delete-takes-exactly-its-keys',
    'a deleted range takes all its keys and no other',
    rounds,
    async (turn) => {
      const within = `${prefix}parts/${turn}/`
      const all = { key: within, end: etcd.prefixEnd(within) }
      const names = 'abcdefgh'.slice(0, 2 + (turn % 7)).split('')
      const success = names.map((name) => ({ put: { key: `${within}${name}`, value: name } }))
      await etcd.txn(client(turn), { compare: [], success })
      // Alternates between the whole prefix and a range that excludes the last key.
      const from = turn % 3 === 0 ? 0 : 1
      const inner = { key: `${within}${names[from]}`, end: `${within}${names.at(-1)}` }
      const isWhole = turn % 2 === 0
      const part = isWhole ? all : inner
      const gone = isWhole ? names : names.slice(from, -1)
      const { deleted, prevKvs } = await etcd.deleteKeys(client(turn + 1), {
        ...part,
        prevKv: true,
      })
      const { kvs } = await etcd.range(client(turn + 2), all)
      const left = names.filter((name) => !gone.includes(name))
      return {
        what: `of ${names.join('')} deleted ${gone.join('') || 'nothing'} (how many, which, what is left)`,
        found: [deleted, textOf(prevKvs ?? []), textOf(kvs)],
        expected: [gone.length, gone.join(''), left.join('')],
      }
    },
  )
}

const textOf = (kvs: readonly etcd.KeyValue[]) => kvs.map(({ value }) => value).join('')
