import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'

type Row = readonly [target: etcd.Compare['target'], below: Operand, same: Operand, above: Operand]
type Operand = string | number

/** Whether each comparison holds for an operand below the key's, equal to it, and above. */
const truth = {
  '=': [false, true, false],
  '!=': [true, false, true],
  '>': [true, false, false],
  '<': [false, false, true],
} as const

/** Compares every target with every operator, then missing keys, then all keys of a range. */
export async function compares(context: TopicContext): Promise<void> {
  const { check, client, prefix } = context
  const key = `${prefix}compares/one`
  const { id: lease } = await etcd.leaseGrant(client(0), { ttlS: 600, id: '5000' })
  const { revision: created } = await etcd.put(client(0), { key, value: 'l' })
  const { revision: changed } = await etcd.put(client(1), { key, value: 'm', lease })
  const rows: readonly Row[] = [
    ['value', 'l', 'm', 'n'],
    ['version', 1, 2, 3],
    ['create', created - 1, created, created + 1],
    ['mod', changed - 1, changed, changed + 1],
    ['lease', '4999', '5000', '5001'],
  ]
  for (const [target, ...operands] of rows) {
    for (const [is, expected] of Object.entries(truth)) {
      await check.equal(
        'compare-follows-operator',
        `a compare of ${target} with ${is} holds for operands below, equal and above as the operator says`,
        [...expected],
        async () => {
          const results: boolean[] = []
          for (const to of operands) {
            results.push(await holds(context, { key, target, is, to } as etcd.Compare))
          }
          return results
        },
      )
    }
  }
  await compareMissingKeys(context)
  await compareRanges(context)
  await etcd.leaseRevoke(client(0), lease)
}

const holds = ({ client }: TopicContext, compare: etcd.Compare) => allHold(client(2), [compare])

/**
 * The range makes it linearizable: a member answers a transaction without steps alone, and may lack
 * what another member acknowledged.
 */
export async function allHold(
  client: etcd.MemberClient,
  compare: readonly etcd.Compare[],
): Promise<boolean> {
  const read = { range: { key: compare[0]?.key ?? 'any' } }
  return (await etcd.txn(client, { compare, success: [read] })).succeeded
}

async function compareMissingKeys(context: TopicContext): Promise<void> {
  const key = `${context.prefix}compares/missing`
  for (const target of ['version', 'create', 'mod', 'lease'] as const) {
    await context.check.equal(
      'missing-key-compares-as-zero',
      `the ${target} of a missing key compares equal to 0`,
      true,
      () =>
        holds(context, { key, target, is: '=', to: target === 'lease' ? '0' : 0 } as etcd.Compare),
    )
  }
  for (const is of ['=', '!='] as const) {
    await context.check.equal(
      'missing-key-has-no-value',
      `a compare of a missing key’s value with ${is} does not hold`,
      false,
      () => holds(context, { key, target: 'value', is, to: '' }),
    )
  }
}

async function compareRanges(context: TopicContext): Promise<void> {
  const { check, client, prefix } = context
  const key = `${prefix}compares/range/`
  const end = etcd.prefixEnd(key)
  for (const name of ['a', 'b']) await etcd.put(client(0), { key: `${key}${name}`, value: name })
  const all = (to: string) => holds(context, { key, end, target: 'value', is: '<', to })
  await check.equal(
    'range-compare-holds-for-all-keys',
    'a compare of a range holds when every key satisfies it',
    true,
    () => all('c'),
  )
  await check.equal(
    'range-compare-fails-for-one-key',
    'a compare of a range does not hold when one key fails it',
    false,
    () => all('b'),
  )
  await etcd.put(client(0), { key: `${key}b`, value: 'b' })
  for (const target of ['version', 'create', 'mod', 'lease'] as const) {
    const isZero = { target, is: '=', to: target === 'lease' ? '0' : 0 }
    await check.equal(
      'range-compare-of-every-target',
      `a compare of the ${target} of a range holds when every key satisfies it, or there is none`,
      [target === 'lease', true],
      async () => [
        await holds(context, { key, end, ...isZero } as etcd.Compare),
        await holds(context, { key: `${key}none/`, end: `${key}none0`, ...isZero } as etcd.Compare),
      ],
    )
  }
  await check.equal(
    'range-compare-of-last-key',
    'a compare of versions of a range does not hold when its last key alone fails it',
    false,
    () => holds(context, { key, end, target: 'version', is: '=', to: 1 }),
  )
}
