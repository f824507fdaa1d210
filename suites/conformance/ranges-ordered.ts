import { fillSampleKeys } from './sample-keys.ts'
import type { TopicContext } from './topic.ts'

export async function sorts(bench: TopicContext): Promise<void> {
  const { check } = bench
  const { names } = await fillSampleKeys(bench, 'sorts')
  /** By version only c differs; those alike are in the order of their keys. */
  const ascending = {
    key: ['a', 'b', 'c', 'd'],
    create: ['b', 'a', 'd', 'c'],
    mod: ['b', 'a', 'd', 'c'],
    value: ['c', 'd', 'a', 'b'],
  } as const
  for (const [target, order] of Object.entries(ascending)) {
    const by = target as keyof typeof ascending
    await check.equal(`sorted by ${by}, ascending`, [...order], () =>
      names({ sort: { by, order: 'ascend' } }),
    )
    await check.equal(`sorted by ${by}, descending`, order.toReversed(), () =>
      names({ sort: { by, order: 'descend' } }),
    )
  }
  await check.equal('sorted by version, the one that was changed is last', 'c', async () =>
    (await names({ sort: { by: 'version', order: 'ascend' } })).at(-1),
  )
  await check.equal('and first the other way round', 'c', async () =>
    (await names({ sort: { by: 'version', order: 'descend' } })).at(0),
  )
  await check.equal('a limit takes the first of what is sorted', ['b', 'a'], () =>
    names({ sort: { by: 'value', order: 'descend' }, limit: 2 }),
  )
}

export async function filters(bench: TopicContext): Promise<void> {
  const { check } = bench
  const { revisions, read, names } = await fillSampleKeys(bench, 'filters')
  const [b = 0, a = 0, d = 0, c = 0] = revisions
  await check.equal('at least a mod revision', ['c', 'd'], () => names({ minModRevision: d }))
  await check.equal('at most a mod revision', ['a', 'b'], () => names({ maxModRevision: a }))
  await check.equal('at least a create revision', ['c'], () => names({ minCreateRevision: c }))
  await check.equal('at most a create revision', ['b'], () => names({ maxCreateRevision: b }))
  await check.equal('between two create revisions', ['a', 'd'], () =>
    names({ minCreateRevision: a, maxCreateRevision: d }),
  )
  await check.equal('what is filtered is still counted', 4, async () => {
    return (await read({ minModRevision: d })).count
  })
}
