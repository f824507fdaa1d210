import { etcd } from '../../../harness/index.ts'
import { fillSampleKeys, sampleNames } from '../keys/sample-keys.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'
import { fieldsOfEveryKey } from './fields.ts'
import { filters, sorts } from './order.ts'

export const ranges = conformance({
  name: 'ranges',
  title:
    'A range returns exactly the requested keys, in the requested order and of the requested revision',
  parts: [
    repeat(bounds, 4),
    repeat(pages, 4),
    repeat(sorts, 4),
    repeat(filters, 4),
    fieldsOfEveryKey,
    repeat(pastReads, 4),
  ],
})

async function bounds(context: TopicContext): Promise<void> {
  const { check, client } = context
  const { prefix, read, names } = await fillSampleKeys(context, 'bounds')
  await check.equal(
    'prefix-in-key-order',
    'a prefix returns its keys in order',
    ['a', 'b', 'c', 'd'],
    () => names({}),
  )
  await check.equal(
    'key-without-end-is-one-key',
    'a range without an end returns one key',
    'b',
    async () => {
      const { kvs } = await etcd.range(client(1), { key: `${prefix}b` })
      return kvs.map(({ key }) => key.slice(prefix.length)).join()
    },
  )
  const [b, d] = [`${prefix}b`, `${prefix}d`]
  await check.equal('range-excludes-end', 'a range excludes its end', ['b', 'c'], () =>
    names({ key: b, end: d }),
  )
  await check.equal(
    'reversed-range-is-empty',
    'a range whose end is before its key is empty',
    0,
    async () => {
      return (await read({ key: d, end: b })).count
    },
  )
  await check.holds(
    'end-nul-is-unbounded',
    'an end of NUL returns every key from the first on',
    async () => {
      const { kvs, count } = await read({ key: b, end: '\0' })
      const isAbove = kvs.every(({ key }) => key >= b) && kvs.length === count
      return { held: isAbove && count > 3, found: `${count} keys from ${kvs[0]?.key} on` }
    },
  )
  await check.holds('nul-to-nul-is-everything', 'NUL to NUL returns every key', async () => {
    const { kvs, count } = await read({ key: '\0', end: '\0' })
    const isOrdered = kvs.every(
      ({ key }, index) => index === 0 || key > (kvs[index - 1]?.key ?? ''),
    )
    const sees = kvs.some(({ key }) => key === b) && kvs.some(({ key }) => /^k\d/.test(key))
    return { held: isOrdered && sees && kvs.length === count, found: `${count} keys` }
  })
  await check.rejected(
    'range-needs-key',
    'a range without a key is rejected',
    'key is not provided',
    () => etcd.range(client(2), { key: '' }),
  )
}

async function pages(context: TopicContext): Promise<void> {
  const { check } = context
  const { prefix, read, names } = await fillSampleKeys(context, 'pages')
  const countsOf = async (request: Partial<etcd.RangeRequest>) => {
    const { kvs, count, more } = await read(request)
    return [kvs.length, count, more]
  }
  await check.equal(
    'limit-reports-more',
    'a limited range says that there are more keys, and how many',
    [3, 4, true],
    () => countsOf({ limit: 3 }),
  )
  await check.equal(
    'unreached-limit-cuts-nothing',
    'a limit that is not reached cuts nothing',
    [4, 4, false],
    () => countsOf({ limit: 4 }),
  )
  await check.equal('zero-limit-cuts-nothing', 'a limit of zero cuts nothing', [4, 4, false], () =>
    countsOf({ limit: 0 }),
  )
  await check.equal(
    'pages-return-every-key-once',
    'pages return every key once, in order',
    ['a', 'b', 'c', 'd'],
    async () => {
      const seen: string[] = []
      for (let from = prefix; ; ) {
        const { kvs, more } = await read({ key: from, limit: 1 })
        seen.push(...kvs.map(({ key }) => key.slice(prefix.length)))
        from = `${kvs.at(-1)?.key}\0`
        if (!more || seen.length > sampleNames.length) return seen
      }
    },
  )
  await check.equal(
    'keys-only-omits-values',
    'a keys-only range omits the values',
    ['', '', '', ''],
    async () => {
      const { kvs } = await read({ keysOnly: true })
      return kvs.map(({ value }) => value)
    },
  )
  await check.equal(
    'keys-only-returns-keys',
    'a keys-only range returns every key',
    ['a', 'b', 'c', 'd'],
    () => names({ keysOnly: true }),
  )
  await check.holds(
    'keys-only-returns-revisions',
    'a keys-only range returns the versions and revisions of its keys',
    async () => {
      const revisionsOf = ({ kvs }: etcd.RangeResult) =>
        kvs.map(({ version, createRevision, modRevision }) => [
          version,
          createRevision,
          modRevision,
        ])
      const whole = JSON.stringify(revisionsOf(await read({})))
      const found = JSON.stringify(revisionsOf(await read({ keysOnly: true })))
      return { held: found === whole, found: `${found}, not ${whole}` }
    },
  )
  await check.equal(
    'count-only-returns-count',
    'a count-only range returns the count and no keys',
    [0, 4, false],
    () => countsOf({ countOnly: true }),
  )
  await check.equal(
    'serializable-read-of-settled-keys',
    'a serializable read of settled keys equals a linearizable one',
    ['a', 'd'],
    async () => {
      const { kvs } = await read({ serializable: true }, 0)
      return [kvs.at(0), kvs.at(-1)].map((kv) => kv?.key.slice(prefix.length))
    },
  )
}

async function pastReads(context: TopicContext): Promise<void> {
  const { check, client } = context
  const { prefix, revisions, read, names } = await fillSampleKeys(context, 'pasts')
  const [, a = 0, d = 0, , last = 0] = revisions
  const { revision: deleted } = await etcd.deleteKeys(client(0), { key: `${prefix}a` })
  await check.equal(
    'past-revision-has-past-keys',
    'a read at a past revision returns the keys of that revision',
    ['a', 'b'],
    () => names({ atRevision: a }),
  )
  await check.equal(
    'past-revision-counts-past-keys',
    'a read at a past revision counts the keys of that revision',
    [2, 1, true],
    async () => {
      const { kvs, count, more } = await read({ atRevision: a, limit: 1 })
      return [count, kvs.length, more]
    },
  )
  await check.equal(
    'options-apply-to-past-revision',
    'a read at a past revision counts, sorts and omits values as of that revision',
    [2, ['a', 'b'], ['', '']],
    async () => {
      const { count } = await read({ atRevision: a, countOnly: true })
      const sort = { by: 'mod', order: 'descend' } as const
      const { kvs } = await read({ atRevision: a, keysOnly: true })
      return [count, await names({ atRevision: a, sort }), kvs.map(({ value }) => value)]
    },
  )
  await check.holds(
    'header-has-current-revision',
    'the header has the store’s current revision',
    async () => {
      const { revision } = await read({ atRevision: a })
      return { held: revision >= deleted, found: `${revision}, with ${deleted} acknowledged` }
    },
  )
  await check.equal(
    'deleted-key-in-the-past',
    'a read before the deletion returns the deleted key',
    ['a', 'b', 'c', 'd'],
    () => names({ atRevision: deleted - 1 }),
  )
  await check.equal(
    'deleted-key-gone-at-its-revision',
    'a read at the deletion’s revision does not return the key',
    ['b', 'c', 'd'],
    () => names({ atRevision: deleted }),
  )
  const future = 'required revision is a future revision'
  for (const serializable of [false, true]) {
    const how = serializable ? 'serializable' : 'linearizable'
    await check.rejected(
      'future-read-rejected',
      `a ${how} read of a future revision is rejected`,
      future,
      () => read({ atRevision: last + 1_000_000, serializable }),
    )
  }
  await etcd.compact(client(0), d)
  await check.rejected(
    'compacted-read-rejected',
    'a read before the compacted revision is rejected',
    'has been compacted',
    () => read({ atRevision: a }),
  )
  await check.equal(
    'read-at-compacted-revision',
    'a read at the compacted revision is served',
    ['a', 'b', 'd'],
    () => names({ atRevision: d }),
  )
}
