import { etcd } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { base64, call } from './gateway-call.ts'

/** Puts, ranges and deletes through the gateway. */
export async function keys(context: TopicContext): Promise<void> {
  const { check, client, prefix } = context
  const name = `${prefix}key`
  const key = base64(name)
  /** Bytes that are no text: a value is bytes here as in gRPC. */
  const value = Buffer.from([0, 255, 128, 10]).toString('base64')
  const put = await call(context, '/kv/put', { key, value })
  const revision = String(put.header?.revision)
  await check.holds(
    'gateway-header-integers-are-text',
    'ids and revisions of the header are text',
    () => {
      const { cluster_id, member_id, raft_term } = put.header ?? {}
      const isText = [revision, cluster_id, member_id, raft_term].every(
        (field) => typeof field === 'string' && /^\d+$/.test(field),
      )
      return { held: isText && typeof put.header.revision === 'string', found: put }
    },
  )
  const kv = { key, create_revision: revision, mod_revision: revision, version: '1', value }
  await check.equal(
    'gateway-returns-what-was-put',
    'a range returns bytes and integers as they were put',
    [[kv], '1'],
    async () => {
      const read = await call(context, '/kv/range', { key }, 2)
      return [read.kvs, read.count]
    },
  )
  await check.equal(
    'gateway-agrees-with-grpc',
    'gRPC reads what the gateway wrote',
    [name, Number(revision)],
    async () => {
      const [found] = (await etcd.range(client(0), { key: name })).kvs
      return [found?.key, found?.modRevision]
    },
  )
  await check.equal(
    'gateway-omits-zero-fields',
    'a response omits fields that are zero or false',
    [undefined, undefined],
    async () => {
      const read = await call(context, '/kv/range', { key: base64(`${prefix}none`) })
      return [read.count, read.more]
    },
  )
  await check.equal(
    'gateway-takes-revision-as-text',
    'a range takes a past revision as text',
    value,
    async () => {
      await call(context, '/kv/put', { key, value: base64('new') })
      return (await call(context, '/kv/range', { key, revision })).kvs?.[0]?.value
    },
  )
  await check.equal(
    'gateway-delete-returns-previous',
    'a delete returns the previous value',
    ['1', base64('new')],
    async () => {
      const gone = await call(context, '/kv/deleterange', { key, prev_kv: true })
      return [gone.deleted, gone.prev_kvs?.[0]?.value]
    },
  )
}

/** Both branches of a transaction. */
export async function transactions(context: TopicContext): Promise<void> {
  const key = base64(`${context.prefix}txn`)
  const txn = {
    compare: [{ key, target: 'VERSION', result: 'EQUAL', version: '0' }],
    success: [{ request_put: { key, value: base64('one') } }],
    failure: [{ request_range: { key } }],
  }
  await context.check.equal(
    'gateway-txn-runs-success',
    'a transaction runs its success branch when its compare holds',
    true,
    async () => {
      return (await call(context, '/kv/txn', txn)).succeeded
    },
  )
  await context.check.equal(
    'gateway-txn-runs-failure',
    'a transaction runs its failure branch when its compare fails',
    [undefined, base64('one')],
    async () => {
      const { succeeded, responses } = await call(context, '/kv/txn', txn)
      return [succeeded, responses?.[0]?.response_range?.kvs?.[0]?.value]
    },
  )
}

/** A lease with an id that no double holds. */
export async function leases(context: TopicContext): Promise<void> {
  const { check, prefix } = context
  /** Above 2^53, where a number would be rounded. */
  const ID = '9007199254740993'
  await check.equal(
    'gateway-lease-id-exact',
    'a lease is granted under an id that no double holds',
    [ID, '600'],
    async () => {
      const granted = await call(context, '/lease/grant', { TTL: '600', ID })
      return [granted.ID, granted.TTL]
    },
  )
  await call(context, '/kv/put', { key: base64(`${prefix}leased`), value: '', lease: ID })
  const path = context.has('gateway-v3') ? '/lease' : '/kv/lease'
  await check.equal(
    'gateway-lease-lists-keys',
    'a lease lists its keys',
    [ID, '600', [base64(`${prefix}leased`)]],
    async () => {
      const lease = await call(context, `${path}/timetolive`, { ID, keys: true })
      return [lease.ID, lease.grantedTTL, lease.keys]
    },
  )
  await check.equal(
    'gateway-lease-revoke-deletes-keys',
    'a revoked lease deletes its keys',
    undefined,
    async () => {
      await call(context, `${path}/revoke`, { ID })
      return (await call(context, '/kv/range', { key: base64(`${prefix}leased`) })).count
    },
  )
}
