import { etcd } from '../../../harness/index.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'
import { allHold, compares } from './compares.ts'
import { limits } from './limits.ts'
import { steps } from './steps.ts'

export const transactions = conformance({
  name: 'transactions',
  title: 'A transaction runs exactly one branch, whole and at one revision, as its compares say',
  parts: [repeat(compares, 3), repeat(branches), repeat(nested), repeat(steps), repeat(limits, 3)],
})

async function branches({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}branches/`
  const [a, b, c] = [`${key}a`, `${key}b`, `${key}c`]
  await etcd.put(client(0), { key: b, value: 'old' })
  const missing = { key: a, target: 'create', is: '=', to: 0 } as const
  const put = (key: string, value: string) => ({ put: { key, value } })
  const request: etcd.TxnRequest = {
    compare: [missing],
    success: [put(a, 'new'), { range: { key: a } }, { delete: { key: b } }, { range: { key: b } }],
    failure: [{ range: { key: a } }, put(c, 'else')],
  }
  let revision = 0
  await check.equal(
    'success-branch-sees-own-steps',
    'the success branch runs when all compares hold, and sees its own steps',
    [true, null, ['new', 'of its own revision'], 1, 0],
    async () => {
      const done = await etcd.txn(client(1), request)
      revision = done.revision
      const [none, seen, deleted, gone] = done.results as [null, Kvs, number, Kvs]
      const [first] = seen?.kvs ?? []
      const isOwn = first?.modRevision === revision
      const of = isOwn ? 'of its own revision' : `of ${first?.modRevision}, not ${revision}`
      return [done.succeeded, none, [first?.value, of], deleted, gone?.count]
    },
  )
  await check.equal(
    'failure-branch-runs',
    'the failure branch runs when one compare fails',
    [false, 'new', null],
    async () => {
      const { succeeded, results } = await etcd.txn(client(2), request)
      return [succeeded, (results[0] as Kvs).kvs[0]?.value, results[1]]
    },
  )
  await check.equal(
    'other-branch-does-nothing',
    'the other branch changes nothing',
    [revision, 1],
    async () => {
      const { kvs } = await etcd.range(client(0), { key: a })
      return [kvs[0]?.modRevision, kvs[0]?.version]
    },
  )
  const held = { key: c, target: 'version', is: '=', to: 1 } as const
  await check.equal(
    'every-compare-must-hold',
    'every compare must hold, the first and the last',
    [false, false],
    async () => [
      await allHold(client(0), [missing, held]),
      await allHold(client(0), [held, missing]),
    ],
  )
  await check.equal('no-compare-holds', 'a transaction without compares succeeds', true, () =>
    allHold(client(0), []),
  )
  await check.equal(
    'one-revision-for-all-writes',
    'all writes of a transaction have one revision',
    1,
    async () => {
      const success = [put(a, 'x'), put(b, 'x'), put(c, 'x')]
      const { revision } = await etcd.txn(client(0), { compare: [], success })
      const { kvs } = await etcd.range(client(1), { key, end: etcd.prefixEnd(key) })
      return new Set([...kvs.map(({ modRevision }) => modRevision), revision]).size
    },
  )
  await check.equal(
    'range-in-txn-is-limited',
    'a limited range in a transaction says that there are more keys, and how many',
    [1, 3, true],
    async () => {
      const range = { key, end: etcd.prefixEnd(key), limit: 1 }
      const { results } = await etcd.txn(client(2), { compare: [], success: [{ range }] })
      const { kvs, count, more } = results[0] as Kvs
      return [kvs.length, count, more]
    },
  )
  await check.equal(
    'range-in-txn-reads-past',
    'a range in a transaction reads a past revision',
    ['old'],
    async () => {
      const past = { range: { key: b, atRevision: revision - 1 } }
      const { results } = await etcd.txn(client(1), { compare: [], success: [past] })
      return (results[0] as Kvs).kvs.map(({ value }) => value)
    },
  )
}

type Kvs = Omit<etcd.RangeResult, 'revision'>

async function nested({ check, client, prefix }: TopicContext): Promise<void> {
  const [a, b] = [`${prefix}nested/a`, `${prefix}nested/b`]
  await etcd.put(client(0), { key: a, value: 'before' })
  const is = (to: string) => ({ key: a, target: 'value', is: '=', to }) as const
  const putB = (value: string) => [{ put: { key: b, value } }]
  const inner: etcd.TxnRequest = {
    compare: [is('before')],
    success: putB('inner success'),
    failure: putB('inner failure'),
  }
  await check.equal(
    'nested-compare-sees-outer-before',
    'a nested transaction compares with the state before the outer one',
    [true, [true], 'inner success'],
    async () => {
      const success = [{ put: { key: a, value: 'after' } }, { txn: inner }]
      const { succeeded, nested } = await etcd.txn(client(1), { compare: [], success })
      return [succeeded, nested.map((each) => each.succeeded), await textAt(client(2), b)]
    },
  )
  await check.equal(
    'nested-failure-branch-runs',
    'a nested transaction runs its own failure branch',
    [true, [false], 'inner failure'],
    async () => {
      const { succeeded, nested } = await etcd.txn(client(2), {
        compare: [is('after')],
        success: [{ txn: inner }],
      })
      return [succeeded, nested.map((each) => each.succeeded), await textAt(client(0), b)]
    },
  )
  await check.holds(
    'nested-writes-share-revision',
    'a nested transaction writes at the outer revision',
    async () => {
      const success = [{ put: { key: a, value: 'one' } }, { txn: { ...inner, compare: [] } }]
      const { revision } = await etcd.txn(client(1), { compare: [], success })
      const found = (await etcd.range(client(0), { key: b })).kvs[0]?.modRevision
      return { held: found === revision, found: `${found}, not ${revision}` }
    },
  )
}

async function textAt(client: etcd.MemberClient, key: string): Promise<string | undefined> {
  return (await etcd.range(client, { key })).kvs[0]?.value
}
