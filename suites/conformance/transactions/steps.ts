import { isDeepStrictEqual } from 'node:util'
import { etcd } from '../../../harness/index.ts'
import { fillSampleKeys } from '../keys/sample-keys.ts'
import type { TopicContext } from '../topic.ts'

/** A step of a transaction answers what the same request answers alone. */
export async function steps(context: TopicContext): Promise<void> {
  const { check, client } = context
  const { prefix, revisions, read } = await fillSampleKeys(context, 'steps')
  const [, a = 0, d = 0] = revisions
  const all = { key: prefix, end: etcd.prefixEnd(prefix) }
  const requests: readonly Partial<etcd.RangeRequest>[] = [
    {},
    { limit: 3 },
    { keysOnly: true },
    { countOnly: true },
    { sort: { by: 'value', order: 'descend' }, limit: 2 },
    { minModRevision: d, limit: 1 },
    { maxModRevision: a },
    { minCreateRevision: a, maxCreateRevision: d },
    { atRevision: a },
    { atRevision: a, countOnly: true },
  ]
  for (const request of requests) {
    await check.holds(
      'range-in-txn-is-range-alone',
      'a range in a transaction returns what it returns alone',
      async () => {
        const { revision: _, ...alone } = await read(request)
        const range = { ...all, ...request }
        const { results } = await etcd.txn(client(2), { compare: [], success: [{ range }] })
        const held = isDeepStrictEqual(results[0], alone)
        const [found, expected] = [results[0], alone].map((each) => JSON.stringify(each))
        return { held, found: `for ${JSON.stringify(request)} ${found}, not ${expected}` }
      },
    )
  }
  await check.holds(
    'steps-return-previous-keys',
    'a put and a delete in a transaction return the whole previous keys that they ask for',
    async () => {
      const { kvs } = await read({})
      const [first, ...others] = kvs
      const rest = { key: `${prefix}b`, end: all.end }
      const put = { key: `${prefix}a`, value: 'new' }
      const { prevKvs } = await etcd.txn(client(0), {
        compare: [],
        success: [{ put: { ...put, prevKv: true } }, { delete: { ...rest, prevKv: true } }],
      })
      const { prevKvs: unasked } = await etcd.txn(client(0), {
        compare: [],
        success: [{ put }, { delete: rest }],
      })
      const expected = [[first], others, [], []]
      const found = [...prevKvs, ...unasked]
      const [text, wanted] = [found, expected].map((each) => JSON.stringify(each))
      return { held: isDeepStrictEqual(found, expected), found: `${text}, not ${wanted}` }
    },
  )
}
