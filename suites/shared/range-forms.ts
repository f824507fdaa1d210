import { etcd, type FeatureName } from '../../harness/index.ts'

/** The keys of a range that ends in numbers of three digits, such as `a/001`. */
interface Bounds {
  readonly key: string
  readonly end: string
}

/** Resolves to the number of keys that the answer lets its client believe in. */
export type RangeForm = (
  client: etcd.MemberClient,
  all: Bounds,
  /** Of the last of the keys. */
  revision: number,
) => Promise<number>

/** The number in the name of the last key. */
const lastOf = ({ kvs }: Pick<etcd.RangeResult, 'kvs'>) => Number(kvs.at(-1)?.key.slice(-3) ?? 0)

const forms: Record<string, RangeForm> = {
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

const streamed: Record<string, RangeForm> = {
  'in pieces': async (client, all) => (await etcd.rangeStream(client, all)).kvs.length,
}

/** Every form of a linearizable range that the version knows, by how it continues "a range". */
export function rangeForms(has: (feature: FeatureName) => boolean): readonly [string, RangeForm][] {
  return Object.entries({ ...forms, ...(has('range-stream') && streamed) })
}
