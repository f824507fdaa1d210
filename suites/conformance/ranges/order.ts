import { fillSampleKeys } from '../keys/sample-keys.ts'
import type { TopicContext } from '../topic.ts'

export async function sorts(context: TopicContext): Promise<void> {
  const { check } = context
  const { names, read } = await fillSampleKeys(context, 'sorts')
  /** Only c has another version; keys with the same one are in the order of keys. */
  const ascending = {
    key: ['a', 'b', 'c', 'd'],
    create: ['b', 'a', 'd', 'c'],
    mod: ['b', 'a', 'd', 'c'],
    value: ['c', 'd', 'a', 'b'],
  } as const
  for (const [target, order] of Object.entries(ascending)) {
    const by = target as keyof typeof ascending
    await check.equal(
      'range-sorts-ascending',
      `a range sorts by ${by}, ascending`,
      [...order],
      () => names({ sort: { by, order: 'ascend' } }),
    )
    await check.equal(
      'range-sorts-descending',
      `a range sorts by ${by}, descending`,
      order.toReversed(),
      () => names({ sort: { by, order: 'descend' } }),
    )
    // In both directions: a limit before the sort takes keys that some orders begin with as well.
    await check.equal(
      'limit-applies-after-sort',
      `a limit takes the first of the keys sorted by ${by}, and says that there are more`,
      [order.slice(0, 2), order.toReversed().slice(0, 2), true],
      async () => [
        await names({ sort: { by, order: 'ascend' }, limit: 2 }),
        await names({ sort: { by, order: 'descend' }, limit: 2 }),
        (await read({ sort: { by, order: 'descend' }, limit: 2 })).more,
      ],
    )
  }
  await check.equal(
    'version-sort-ascending',
    'a range sorted by version ends with the changed key',
    'c',
    async () => (await names({ sort: { by: 'version', order: 'ascend' } })).at(-1),
  )
  await check.equal(
    'version-sort-descending',
    'a range sorted by version, descending, begins with the changed key',
    'c',
    async () => (await names({ sort: { by: 'version', order: 'descend' } })).at(0),
  )
}

export async function filters(context: TopicContext): Promise<void> {
  const { check } = context
  const { revisions, read, names } = await fillSampleKeys(context, 'filters')
  const [b = 0, a = 0, d = 0, c = 0] = revisions
  await check.equal(
    'min-mod-revision-filters',
    'a range keeps keys from a minimum mod revision on',
    ['c', 'd'],
    () => names({ minModRevision: d }),
  )
  await check.equal(
    'max-mod-revision-filters',
    'a range keeps keys up to a maximum mod revision',
    ['a', 'b'],
    () => names({ maxModRevision: a }),
  )
  await check.equal(
    'min-create-revision-filters',
    'a range keeps keys from a minimum create revision on',
    ['c'],
    () => names({ minCreateRevision: c }),
  )
  await check.equal(
    'max-create-revision-filters',
    'a range keeps keys up to a maximum create revision',
    ['b'],
    () => names({ maxCreateRevision: b }),
  )
  await check.equal(
    'create-revisions-filter-between',
    'a range keeps keys between two create revisions',
    ['a', 'd'],
    () => names({ minCreateRevision: a, maxCreateRevision: d }),
  )
  await check.equal(
    'limit-applies-after-filter',
    'a limit takes the first of the filtered keys, and says that there are more',
    [['c'], true],
    async () => [
      await names({ minModRevision: d, limit: 1 }),
      (await read({ minModRevision: d, limit: 1 })).more,
    ],
  )
  await check.equal(
    'count-ignores-filters',
    'the count of a filtered range includes filtered keys',
    4,
    async () => {
      return (await read({ minModRevision: d })).count
    },
  )
}
