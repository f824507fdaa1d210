import { etcd } from '../../../harness/index.ts'
import { fillSampleKeys } from '../keys/sample-keys.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'
import { fieldsOfEveryKey } from './fields.ts'
import { filters, sorts } from './order.ts'
import { pages } from './pages.ts'
import { pastReads } from './past-reads.ts'
import { presentInEveryForm } from './present.ts'

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
    presentInEveryForm,
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
  // Above every key of the workload and of other topics.
  const last = `\u{10ffff}${prefix}`
  for (const name of ['a', 'b', 'c']) {
    await etcd.put(client(0), { key: `${last}${name}`, value: name })
  }
  await check.equal(
    'end-nul-includes-last-key',
    'an end of NUL returns the last key of the store, too',
    [['b', 'c'], 2],
    async () => {
      const { kvs, count } = await read({ key: `${last}b`, end: '\0' })
      return [kvs.map(({ value }) => value), count]
    },
  )
  await etcd.deleteKeys(client(0), { key: last, end: etcd.prefixEnd(last) })
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
