import { etcd } from '../../harness/index.ts'
import { filters, sorts } from './ranges-ordered.ts'
import { everyField } from './ranges-repeated.ts'
import { fillSampleKeys, sampleNames } from './sample-keys.ts'
import { conformance, type TopicContext } from './topic.ts'

export const ranges = conformance({
  name: 'ranges',
  title: 'A range gives the keys that were asked for: bounded, paged, sorted, filtered, as of then',
  parts: [bounds, pages, sorts, filters, everyField, pasts],
})

async function bounds(bench: TopicContext): Promise<void> {
  const { check, client } = bench
  const { prefix, read, names } = await fillSampleKeys(bench, 'bounds')
  await check.equal('a prefix gives its keys, in their order', ['a', 'b', 'c', 'd'], () =>
    names({}),
  )
  await check.equal('a key without an end is one key', 'b', async () => {
    const { kvs } = await etcd.range(client(1), { key: `${prefix}b` })
    return kvs.map(({ key }) => key.slice(prefix.length)).join()
  })
  const [b, d] = [`${prefix}b`, `${prefix}d`]
  await check.equal('the end of a range is not in it', ['b', 'c'], () => names({ key: b, end: d }))
  await check.equal('an end before the key holds nothing', 0, async () => {
    return (await read({ key: d, end: b })).count
  })
  await check.holds('an end of NUL means every key from there on', async () => {
    const { kvs, count } = await read({ key: b, end: '\0' })
    const isAbove = kvs.every(({ key }) => key >= b) && kvs.length === count
    return { held: isAbove && count > 3, found: `${count} keys from ${kvs[0]?.key} on` }
  })
  await check.holds('NUL to NUL is every key there is', async () => {
    const { kvs, count } = await read({ key: '\0', end: '\0' })
    const isOrdered = kvs.every(
      ({ key }, index) => index === 0 || key > (kvs[index - 1]?.key ?? ''),
    )
    const sees = kvs.some(({ key }) => key === b) && kvs.some(({ key }) => /^k\d/.test(key))
    return { held: isOrdered && sees && kvs.length === count, found: `${count} keys` }
  })
  await check.refused('a range without a key is refused', 'key is not provided', () =>
    etcd.range(client(2), { key: '' }),
  )
}

async function pages(bench: TopicContext): Promise<void> {
  const { check } = bench
  const { prefix, read, names } = await fillSampleKeys(bench, 'pages')
  const told = async (request: Partial<etcd.RangeRequest>) => {
    const { kvs, count, more } = await read(request)
    return [kvs.length, count, more]
  }
  await check.equal('a limit says that there are more, and how many', [3, 4, true], () =>
    told({ limit: 3 }),
  )
  await check.equal('a limit that is not reached cuts nothing', [4, 4, false], () =>
    told({ limit: 4 }),
  )
  await check.equal('no limit cuts nothing', [4, 4, false], () => told({ limit: 0 }))
  await check.equal('pages give every key once, in order', ['a', 'b', 'c', 'd'], async () => {
    const seen: string[] = []
    for (let from = prefix; ; ) {
      const { kvs, more } = await read({ key: from, limit: 1 })
      seen.push(...kvs.map(({ key }) => key.slice(prefix.length)))
      from = `${kvs.at(-1)?.key}\0`
      if (!more || seen.length > sampleNames.length) return seen
    }
  })
  await check.equal('keys only leaves out the values', ['', '', '', ''], async () => {
    const { kvs } = await read({ keysOnly: true })
    return kvs.map(({ value }) => value)
  })
  await check.equal('keys only keeps the keys', ['a', 'b', 'c', 'd'], () =>
    names({ keysOnly: true }),
  )
  await check.equal('count only gives no keys', [0, 4, false], () => told({ countOnly: true }))
  await check.equal('a serializable read of what has settled is the same', ['a', 'd'], async () => {
    const { kvs } = await read({ serializable: true }, 0)
    return [kvs.at(0), kvs.at(-1)].map((kv) => kv?.key.slice(prefix.length))
  })
}

async function pasts(bench: TopicContext): Promise<void> {
  const { check, client } = bench
  const { prefix, revisions, read, names } = await fillSampleKeys(bench, 'pasts')
  const [, a = 0, d = 0, , last = 0] = revisions
  const { revision: deleted } = await etcd.deleteKeys(client(0), { key: `${prefix}a` })
  await check.equal('a past revision has the keys of then', ['a', 'b'], () =>
    names({ atRevision: a }),
  )
  await check.equal('and counts them', [2, 1, true], async () => {
    const { kvs, count, more } = await read({ atRevision: a, limit: 1 })
    return [count, kvs.length, more]
  })
  await check.holds('the header has the store’s own revision', async () => {
    const { revision } = await read({ atRevision: a })
    return { held: revision >= deleted, found: `${revision}, with ${deleted} acknowledged` }
  })
  await check.equal('what was deleted since is there before', ['a', 'b', 'c', 'd'], () =>
    names({ atRevision: deleted - 1 }),
  )
  await check.equal('and gone at its revision', ['b', 'c', 'd'], () =>
    names({ atRevision: deleted }),
  )
  const future = 'required revision is a future revision'
  for (const serializable of [false, true]) {
    const how = serializable ? 'serializable' : 'linearizable'
    await check.refused(`a ${how} read of a future revision is refused`, future, () =>
      read({ atRevision: last + 1_000_000, serializable }),
    )
  }
  await etcd.compact(client(0), d)
  await check.refused('a read before what was compacted is refused', 'has been compacted', () =>
    read({ atRevision: a }),
  )
  await check.equal('a read at what was compacted is answered', ['a', 'b', 'd'], () =>
    names({ atRevision: d }),
  )
}
