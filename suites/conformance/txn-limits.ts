import { etcd } from '../../harness/index.ts'
import type { TopicContext } from './topic.ts'

/** etcd's default of `--max-txn-ops`. */
const defaultMaxTxnOps = 128

/** What is refused is refused whole: nothing of it happens. */
export async function limits(bench: TopicContext): Promise<void> {
  await tooMany(bench)
  await duplicates(bench)
  await impossible(bench)
  const { check, client, prefix } = bench
  await check.equal('nothing of what was refused happened', 0, async () => {
    const key = `${prefix}refused/`
    return (await etcd.range(client(0), { key, end: etcd.prefixEnd(key) })).count
  })
}

async function tooMany({ drill, check, client, prefix }: TopicContext): Promise<void> {
  const most = Number(drill.cluster.spec.options['max-txn-ops'] ?? defaultMaxTxnOps)
  const puts = (count: number, within: string) =>
    Array.from({ length: count }, (_, index) => ({
      put: { key: `${prefix}${within}/${index}`, value: 'v' },
    }))
  const compare = Array.from({ length: most + 1 }, (_, index) => {
    return { key: `${prefix}refused/${index}`, target: 'version', is: '=', to: 0 } as const
  })
  const words = 'too many operations'
  const txn = (request: Partial<etcd.TxnRequest>) =>
    etcd.txn(client(1), { compare: [], success: [], ...request }, { timeoutMs: 10_000 })
  await check.equal(`${most} operations pass`, most, async () => {
    return (await txn({ success: puts(most, 'most') })).results.length
  })
  await check.equal(`${most} compares pass`, true, async () => {
    return (await txn({ compare: compare.slice(1) })).succeeded
  })
  await check.refused(`${most + 1} operations are refused`, words, () =>
    txn({ success: puts(most + 1, 'refused') }),
  )
  await check.refused(`${most + 1} in the branch that would not run are refused`, words, () =>
    txn({ failure: puts(most + 1, 'refused') }),
  )
  await check.refused(`${most + 1} compares are refused`, words, () => txn({ compare }))
}

async function duplicates({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}refused/duplicate`
  const put = { put: { key, value: 'v' } }
  const within = { delete: { key: `${prefix}refused/`, end: etcd.prefixEnd(`${prefix}refused/`) } }
  const refused = (what: string, success: readonly etcd.Step[]) =>
    check.refused(`${what} in one branch is refused`, 'duplicate key', () =>
      etcd.txn(client(0), { compare: [], success }),
    )
  await refused('a key put twice', [put, put])
  await refused('a key put and deleted', [put, { delete: { key } }])
  await refused('a key put and deleted with a range', [within, put])
  await refused('a key put here and in a transaction within', [
    put,
    { txn: { compare: [], success: [put] } },
  ])
  await check.equal('a key may be put in either branch', true, async () => {
    const either = { put: { key: `${prefix}either`, value: 'v' } }
    const { succeeded } = await etcd.txn(client(0), {
      compare: [],
      success: [either],
      failure: [either],
    })
    return succeeded
  })
  await check.equal('a key may be deleted twice', [1, 0], async () => {
    const gone = { delete: { key: `${prefix}either` } }
    return [
      ...(await etcd.txn(client(0), { compare: [], success: [gone, gone] })).results,
    ] as number[]
  })
}

async function impossible({ check, client, prefix }: TopicContext): Promise<void> {
  const put = { put: { key: `${prefix}refused/impossible`, value: 'v' } }
  const refused = (what: string, words: string, step: etcd.Step) =>
    check.refused(`a transaction with ${what} is refused whole`, words, () =>
      etcd.txn(client(2), { compare: [], success: [put, step] }),
    )
  const key = `${prefix}refused/step`
  const lease = '123456789'
  await refused('a lease that is not there', 'requested lease not found', {
    put: { key, value: 'v', lease },
  })
  await refused('a step without a key', 'key is not provided', { delete: { key: '' } })
}
