import { etcd, featuresOf, inVariants, type Scenario, withoutTls } from '../../harness/index.ts'
import { expectCertificateNeeded, http } from './http.ts'
import { conformance, type TopicContext } from './topic.ts'

export const gateway: readonly Scenario[] = inVariants(
  conformance({
    name: 'gateway',
    title: 'The JSON gateway returns what gRPC returns: bytes in base64, 64-bit integers as text',
    parts: [prefixes, keys, transactions, leases, streams, errors],
  }),
  [withoutTls],
)

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** The answer to a call under the version's prefix. Throws a SyntaxError when it is no JSON. */
async function call(context: TopicContext, path: string, body: object, index = 1): Promise<Json> {
  using asking = http(context, index)
  const { gatewayPrefix } = featuresOf(context.drill.cluster.spec.version)
  const answer = await asking.post(`${gatewayPrefix}${path}`, body)
  return JSON.parse(answer.body)
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of etcd, compared as a whole.
type Json = any

async function prefixes(context: TopicContext): Promise<void> {
  const { check, has, drill } = context
  const { gatewayPrefix } = featuresOf(drill.cluster.spec.version)
  const codeOf = async (prefix: string) => {
    using asking = http(context, 0)
    return (await asking.post(`${prefix}/maintenance/status`, {})).statusCode
  }
  await check.equal('gateway-at-its-prefix', `the gateway answers at ${gatewayPrefix}`, 200, () =>
    codeOf(gatewayPrefix),
  )
  if (!has('gateway-v3'))
    await check.equal(
      'gateway-not-yet-at-stable-prefix',
      'the gateway does not answer at /v3 in this version',
      404,
      () => codeOf('/v3'),
    )
  else
    await check.equal(
      'gateway-gone-from-alpha-prefix',
      'the gateway does not answer at /v3alpha in this version',
      404,
      () => codeOf('/v3alpha'),
    )
  await expectCertificateNeeded(context, `${gatewayPrefix}/maintenance/status`)
}

async function keys(context: TopicContext): Promise<void> {
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

async function transactions(context: TopicContext): Promise<void> {
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

async function leases(context: TopicContext): Promise<void> {
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

/** A stream is one JSON object per line, each under `result`. */
async function streams(context: TopicContext): Promise<void> {
  const key = base64(`${context.prefix}stream`)
  const put = await call(context, '/kv/put', { key, value: base64('seen') })
  const ID = (await call(context, '/lease/grant', { TTL: '60' })).ID
  await context.check.equal(
    'gateway-keepalive-renews',
    'a keep-alive renews a lease',
    [ID, '60'],
    async () => {
      const { result } = await call(context, '/lease/keepalive', { ID })
      return [result?.ID, result?.TTL]
    },
  )
  await context.check.holds(
    'gateway-lock-returns-key',
    'a lock returns a key under its name',
    async () => {
      const { key: locked } = await call(context, '/lock/lock', { name: key, lease: ID })
      const found = Buffer.from(String(locked), 'base64').toString()
      return { held: found.startsWith(`${context.prefix}stream/`), found }
    },
  )
  await context.check.equal(
    'gateway-put-at-its-revision',
    'a put is at the revision of its response’s header',
    put.header?.revision,
    async () => {
      return (await call(context, '/kv/range', { key })).kvs?.[0]?.mod_revision
    },
  )
}

async function errors(context: TopicContext): Promise<void> {
  const { gatewayPrefix } = featuresOf(context.drill.cluster.spec.version)
  using asking = http(context, 2)
  const answerTo = async (path: string, body: object | string) => {
    const { statusCode, body: text } = await asking.post(`${gatewayPrefix}${path}`, body)
    const { error, message, code } = JSON.parse(text)
    return [statusCode, code, String(error ?? message)] as const
  }
  await context.check.holds(
    'gateway-error-has-etcd-message',
    'a rejected request returns etcd’s own message',
    async () => {
      const found = await answerTo('/kv/put', { key: '', value: '' })
      const [status, code, error] = found
      return { held: status === 400 && code === 3 && error.includes('key is not provided'), found }
    },
  )
  await context.check.holds(
    'gateway-rejects-malformed-json',
    'malformed JSON is rejected',
    async () => {
      const found = await answerTo('/kv/put', '{"key":')
      return { held: found[0] === 400, found }
    },
  )
  await context.check.holds(
    'gateway-future-revision-has-code',
    'a read of a future revision is rejected with its own code',
    async () => {
      const found = await answerTo('/kv/range', { key: base64('k0'), revision: '1000000000' })
      return { held: found[1] === 11 && found[2].includes('future revision'), found }
    },
  )
}
