import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

const puts = 20

/** Resolves to the number of keys that the answer lets the client believe in. */
type Form = (client: etcd.MemberClient, all: Bounds, revision: number) => Promise<number>

interface Bounds {
  readonly key: string
  readonly end: string
}

/** The number in the name of the last key. */
const lastOf = ({ kvs }: Pick<etcd.RangeResult, 'kvs'>) => Number(kvs.at(-1)?.key.slice(-3) ?? 0)

const forms: Record<string, Form> = {
  'of all keys': async (client, all) => (await etcd.range(client, all)).kvs.length,
  'that counts alone': async (client, all) =>
    (await etcd.range(client, { ...all, countOnly: true })).count,
  'of keys alone': async (client, all) =>
    (await etcd.range(client, { ...all, keysOnly: true })).kvs.length,
  'with a limit': async (client, all) => (await etcd.range(client, { ...all, limit: 1 })).count,
  'sorted by creation': async (client, all) => {
    const sort = { by: 'create', order: 'descend' } as const
    return lastOf(await etcd.range(client, { ...all, sort, limit: 1 }))
  },
  'from a revision on': async (client, all, revision) =>
    lastOf(await etcd.range(client, { ...all, minModRevision: revision })),
  'in a transaction': async (client, all) => {
    const { results } = await etcd.txn(client, { compare: [], success: [{ range: all }] })
    return (results[0] as Pick<etcd.RangeResult, 'kvs'>).kvs.length
  },
}

const streamed: Record<string, Form> = {
  'in pieces': async (client, all) => (await etcd.rangeStream(client, all)).kvs.length,
}

/** No form of a linearizable range returns less than what another member has acknowledged. */
export async function presentInEveryForm(context: TopicContext): Promise<void> {
  const { check, client, has, prefix } = context
  const within = `${prefix}present/`
  const all = { key: within, end: etcd.prefixEnd(within) }
  const asked = Object.entries({ ...forms, ...(has('range-stream') && streamed) })
  let written = 0
  let revision = 0
  await check.equalEach(
    'every-form-of-range-is-present',
    'a range in every form returns what another member acknowledged before',
    puts * asked.length,
    async (turn) => {
      const [form, read] = asked[turn % asked.length] as [string, Form]
      if (turn % asked.length === 0) {
        written++
        const key = `${within}${String(written).padStart(3, '0')}`
        revision = (await etcd.put(client(written), { key, value: 'v' })).revision
      }
      const found = await read(client(written + 1 + (turn % 2)), all, revision)
      return { what: `a range ${form} after put ${written}`, found, expected: written }
    },
  )
}
