import type { etcd } from '../../../harness/index.ts'
import { fillSampleKeys, sampleNames } from '../keys/sample-keys.ts'
import type { TopicContext } from '../topic.ts'

export async function pages(context: TopicContext): Promise<void> {
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
