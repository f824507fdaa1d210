import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type ClusterSpec, etcd, numberOf } from '../../../harness/index.ts'
import { fittingBytes, mebibyte, stepBytes } from '../../shared/etcd/limits.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'
import { keyAfterPut } from './key-after-put.ts'
import { readKey } from './read-key.ts'

export const sizes = conformance({
  name: 'sizes',
  title: 'Keys and values of any bytes and any size, and any number of keys, come back whole',
  parts: [repeat(anyBytes, 3), repeat(manyKeys, 3)],
})

/** Around the powers of two where encodings, pages and buffers change. */
const valueBytes = [0, 1, 127, 128, 4_095, 4_097, 16_385, 65_537, mebibyte]
const keyEnds = ['plain', 'a\0b', '\u0001\u001f\u007f', 'ä€𐍈', 'long/'.repeat(50)]
const longestKey = 8_000

/** Every value under a plain key, and a short value with every byte class under every key. */
async function anyBytes({ check, client, collect, drill, prefix }: TopicContext): Promise<void> {
  const pairs = pairsOf(drill.cluster.spec, prefix)
  using collector = collect(
    etcd.watch(client(1), { key: prefix, end: etcd.prefixEnd(prefix), prevKv: true }),
  )
  await collector.created()
  const written: etcd.KeyValue[] = []
  await check.equalEach(
    'written-is-read',
    'a key and its value are read as they were written, whatever their bytes and size',
    pairs.length,
    async (turn) => {
      const { key = '', value = '' } = pairs[turn] ?? {}
      const before = written.findLast((kv) => kv.key === key)
      const { revision, prevKv } = await etcd.put(client(turn), { key, value, prevKv: true })
      const after = keyAfterPut(before, { key, value, lease: '0', revision })
      written.push(after)
      const [alone] = await readKey(client(turn + 1), key)
      const { results } = await etcd.txn(client(turn + 2), {
        compare: [{ key, target: 'value', is: '=', to: value }],
        success: [{ range: { key } }],
      })
      const within = (results[0] as Omit<etcd.RangeResult, 'revision'> | undefined)?.kvs[0]
      return {
        what: `${value.length} characters under ${key.length}`,
        found: [prevKv, alone, within].map(digestOf),
        expected: [before, after, after].map(digestOf),
      }
    },
  )
  await check.equal(
    'written-is-watched',
    'a watch receives keys and values as they were written, whatever their bytes and size',
    written.map(digestOf),
    async () => {
      await collector.until('every put', () => collector.events().length >= written.length)
      return collector.events().map(({ kv }) => digestOf(kv))
    },
  )
  await check.equal(
    'written-is-deleted',
    'a delete takes keys of any bytes',
    [new Set(pairs.map(({ key }) => key)).size, 0],
    async () => {
      const all = { key: prefix, end: etcd.prefixEnd(prefix) }
      const { deleted } = await etcd.deleteKeys(client(0), all)
      return [deleted, (await etcd.range(client(1), all)).count]
    },
  )
}

/** As long as the cluster's requests may be. */
export function pairsOf(spec: ClusterSpec, prefix: string) {
  const fitting = (letter: string, bytes: number) =>
    letter.repeat(bytes === 0 ? 0 : fittingBytes(spec, bytes))
  const text = 'v\0\u0001\u007fä€𐍈\n'
  return [
    ...valueBytes.map((bytes) => ({ key: `${prefix}value`, value: fitting('x', bytes) })),
    ...[...keyEnds, fitting('l', longestKey)].map((end) => ({
      key: `${prefix}${end}`,
      value: text,
    })),
  ]
}

/** Too long to be shown. */
function digestOf(kv: etcd.KeyValue | undefined): string {
  if (kv === undefined) return 'no key'
  return createHash('sha256').update(JSON.stringify(kv)).digest('hex').slice(0, 16)
}

const keys = 600

/** How many puts one transaction may have, in number and in bytes. */
export function putsAtOnce(spec: ClusterSpec): number {
  const limits = spec.members.map(({ name }) => numberOf(spec, 'max-txn-ops', name))
  const most = Math.min(100, ...limits)
  return Math.max(1, Math.floor(fittingBytes(spec, most * stepBytes) / stepBytes))
}

async function manyKeys(context: TopicContext): Promise<void> {
  const { check, client, collect, drill, has, prefix } = context
  const { spec } = drill.cluster
  const most = putsAtOnce(spec)
  const all = { key: `${prefix}many/`, end: etcd.prefixEnd(`${prefix}many/`) }
  const names = Array.from({ length: keys }, (_, index) => `${all.key}${1_000 + index}`)
  using collector = collect(etcd.watch(client(2), all))
  await collector.created()
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600 })
  for (let from = 0; from < keys; from += most) {
    const success = names
      .slice(from, from + most)
      .map((key) => ({ put: { key, value: key, lease } }))
    await etcd.txn(client(from / most), { compare: [], success })
  }
  const read = (index: number, request: Partial<etcd.RangeRequest> = {}) =>
    etcd.range(client(index), { ...all, ...request })
  for (const index of drill.cluster.members.keys()) {
    await check.equal(
      'many-keys-in-range',
      `a range of ${keys} keys returns every key, in order, and counts them`,
      [keys, keys, keys, names.join()],
      async () => {
        const { kvs, count } = await read(index)
        const { kvs: bare } = await read(index, { keysOnly: true })
        const { count: counted } = await read(index, { countOnly: true })
        return [count, counted, bare.length, kvs.map(({ value }) => value).join()]
      },
    )
  }
  await check.equal(
    'large-limit-is-exact',
    'a large limit cuts a range where it says',
    [keys - 1, names.at(-2), keys, true],
    async () => {
      const { kvs, count, more } = await read(1, { limit: keys - 1 })
      return [kvs.length, kvs.at(-1)?.key, count, more]
    },
  )
  await check.equal(
    'many-keys-watched',
    `a watch receives the puts of ${keys} keys`,
    names.join(),
    async () => {
      await collector.until('every put', () => collector.events().length >= keys)
      return collector
        .events()
        .map(({ kv }) => kv.value)
        .join()
    },
  )
  if (has('range-stream')) await expectStreams(context, read, all)
  await check.equal(
    'lease-has-many-keys',
    `a lease of ${keys} keys lists and deletes them all`,
    [keys, 0],
    async () => {
      const attached = await etcd.leaseTimeToLive(client(1), lease)
      await etcd.leaseRevoke(client(0), lease)
      return [attached.keys.length, (await read(2)).count]
    },
  )
}

/** What 3.7 added: a range in pieces. */
async function expectStreams(
  { check, client }: TopicContext,
  read: (index: number, request?: Partial<etcd.RangeRequest>) => Promise<etcd.RangeResult>,
  all: { readonly key: string; readonly end: string },
): Promise<void> {
  const { revision } = await read(0)
  const requests: readonly Partial<etcd.RangeRequest>[] = [
    {},
    { limit: 1 },
    { limit: keys - 1 },
    { countOnly: true },
    { keysOnly: true },
    { atRevision: revision - 1 },
    { key: `${all.key}1250` },
    { key: `${all.key}1250`, end: `${all.key}1250` },
  ]
  for (const [index, request] of requests.entries()) {
    await check.holds(
      'streamed-range-is-range',
      'a range in pieces returns what the same range returns at once',
      async () => {
        const { revision: at, ...atOnce } = await read(index, request)
        const member = client(index + 1)
        const { revision: streamedAt, ...streamed } = await etcd.rangeStream(member, {
          ...all,
          ...request,
        })
        const held = isDeepStrictEqual(streamed, atOnce) && streamedAt >= at
        const [found, expected] = [streamed, atOnce].map(({ kvs, count, more }) => {
          return `${kvs.length} keys of ${count}${more ? ' and more' : ''}`
        })
        return { held, found: `${found} at ${streamedAt}, not ${expected} at ${at}, or others` }
      },
    )
  }
}
