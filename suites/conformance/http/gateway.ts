import { featuresOf, inVariants, type Scenario, withoutTls } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { needsGateway } from '../../shared/needs-gateway.ts'
import { conformance, repeat, type TopicContext } from '../topic.ts'
import { expectCertificateNeeded, http } from './connection.ts'
import { base64, call } from './gateway-call.ts'
import { keys, leases, transactions } from './gateway-requests.ts'

export const gateway: readonly Scenario[] = inVariants(
  conformance({
    name: 'gateway',
    notApplicable: needsGateway,
    title: 'The JSON gateway returns what gRPC returns: bytes in base64, 64-bit integers as text',
    behindDoors: checksAskMembers,
    withoutAuth: 'the requests of the JSON gateway here carry no token',
    parts: [
      prefixes,
      repeat(keys, 5),
      repeat(transactions, 5),
      repeat(leases, 5),
      repeat(streams, 5),
      repeat(errors, 5),
    ],
  }),
  [withoutTls],
)

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
