import { etcd } from '../../../harness/index.ts'
import { fillSampleKeys } from '../keys/sample-keys.ts'
import type { TopicContext } from '../topic.ts'

export async function pastReads(context: TopicContext): Promise<void> {
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
