import { etcd, numberOf } from '../../../harness/index.ts'
import { operationsOutOfReach, putsOf } from '../../shared/etcd/limits.ts'
import type { TopicContext } from '../topic.ts'

/** A rejected transaction changes nothing. */
export async function limits(context: TopicContext): Promise<void> {
  await exceedLimits(context)
  await duplicateKeys(context)
  await impossibleSteps(context)
  const { check, client, prefix } = context
  await check.equal(
    'rejected-txn-changes-nothing',
    'a rejected transaction changes nothing',
    0,
    async () => {
      const key = `${prefix}rejected/`
      return (await etcd.range(client(0), { key, end: etcd.prefixEnd(key) })).count
    },
  )
}

async function exceedLimits({ drill, check, client, prefix }: TopicContext): Promise<void> {
  const { members, spec } = drill.cluster
  const outOfReach = operationsOutOfReach(spec)
  if (outOfReach !== undefined) return drill.mark('note', outOfReach)
  const most = numberOf(spec, 'max-txn-ops', members[1 % members.length]?.name)
  const puts = (count: number, within: string) => putsOf(`${prefix}${within}/`, count)
  const compare = Array.from({ length: most + 1 }, (_, index) => {
    return { key: `${prefix}rejected/${index}`, target: 'version', is: '=', to: 0 } as const
  })
  const words = 'too many operations'
  const txn = (request: Partial<etcd.TxnRequest>) =>
    etcd.txn(client(1), { compare: [], success: [], ...request }, { timeoutMs: 10_000 })
  await check.equal(
    'operations-up-to-limit-pass',
    `a transaction with ${most} operations is accepted`,
    most,
    async () => {
      return (await txn({ success: puts(most, 'most') })).results.length
    },
  )
  await check.equal(
    'compares-up-to-limit-pass',
    `a transaction with ${most} compares is accepted`,
    true,
    async () => {
      return (await txn({ compare: compare.slice(1) })).succeeded
    },
  )
  await check.rejected(
    'operations-above-limit-rejected',
    `a transaction with ${most + 1} operations is rejected`,
    words,
    () => txn({ success: puts(most + 1, 'rejected') }),
  )
  await check.rejected(
    'idle-branch-counts-to-limit',
    `a transaction with ${most + 1} operations in the other branch is rejected`,
    words,
    () => txn({ failure: puts(most + 1, 'rejected') }),
  )
  await check.rejected(
    'compares-above-limit-rejected',
    `a transaction with ${most + 1} compares is rejected`,
    words,
    () => txn({ compare }),
  )
}

async function duplicateKeys({ check, client, prefix }: TopicContext): Promise<void> {
  const key = `${prefix}rejected/duplicate`
  const put = { put: { key, value: 'v' } }
  const within = {
    delete: { key: `${prefix}rejected/`, end: etcd.prefixEnd(`${prefix}rejected/`) },
  }
  const expectRejected = (what: string, success: readonly etcd.Step[]) =>
    check.rejected(
      'duplicate-key-rejected',
      `${what} in one branch is rejected`,
      'duplicate key',
      () => etcd.txn(client(0), { compare: [], success }),
    )
  await expectRejected('a key put twice', [put, put])
  await expectRejected('a key put and deleted', [put, { delete: { key } }])
  await expectRejected('a key put and deleted with a range', [within, put])
  await expectRejected('a key put here and in a transaction within', [
    put,
    { txn: { compare: [], success: [put] } },
  ])
  await check.equal(
    'either-branch-may-put-key',
    'both branches may put the same key',
    true,
    async () => {
      const either = { put: { key: `${prefix}either`, value: 'v' } }
      const { succeeded } = await etcd.txn(client(0), {
        compare: [],
        success: [either],
        failure: [either],
      })
      return succeeded
    },
  )
  await check.equal(
    'key-deleted-twice-in-txn',
    'a transaction may delete a key twice',
    [1, 0],
    async () => {
      const gone = { delete: { key: `${prefix}either` } }
      return [
        ...(await etcd.txn(client(0), { compare: [], success: [gone, gone] })).results,
      ] as number[]
    },
  )
}

async function impossibleSteps({ check, client, prefix }: TopicContext): Promise<void> {
  const put = { put: { key: `${prefix}rejected/impossible`, value: 'v' } }
  const expectRejected = (what: string, words: string, step: etcd.Step) =>
    check.rejected(
      'impossible-step-rejects-whole-txn',
      `a transaction with ${what} is rejected whole`,
      words,
      () => etcd.txn(client(2), { compare: [], success: [put, step] }),
    )
  const key = `${prefix}rejected/step`
  const lease = '123456789'
  await expectRejected('a lease that is not there', 'requested lease not found', {
    put: { key, value: 'v', lease },
  })
  await expectRejected('a step without a key', 'key is not provided', { delete: { key: '' } })
}
