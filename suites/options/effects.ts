import {
  agentFor,
  type Drill,
  etcd,
  featuresOf,
  type HttpResponse,
  type Member,
  optionOf,
  type Scenario,
  sendOnce,
  withOptionsForVersion,
} from '../../harness/index.ts'
import { etcdErrors, isError } from '../shared/etcd/errors.ts'
import { putsOf } from '../shared/etcd/limits.ts'
import { formatRejection, rejectionOf } from '../shared/rejection.ts'
import { oneMember } from './one-member.ts'

/** Set for this scenario alone, whatever the user has set. */
const wanted = { 'enable-pprof': 'true', metrics: 'extensive' }
const operations = 140

/** What clients see of options that etcd's own report does not show. */
export const effects: Scenario = {
  ...oneMember,
  id: 'options/effects',
  title: 'Clients observe the effect of the options that etcd itself does not report',
  depth: 'full',
  foreignWrites: 'the scenario writes a transaction at its limit',
  adjustSpec: (spec) => {
    const one = oneMember.adjustSpec(spec)
    const v2 = featuresOf(spec.version).has('api-v2') ? { 'enable-v2': 'true' } : {}
    const set = { ...wanted, ...v2, 'max-txn-ops': String(operations) }
    return withOptionsForVersion(one, set)
  },
  act: async (drill) => {
    const [member] = drill.cluster.members
    if (member === undefined) throw new RangeError('Expected a member, got none')
    await expectAnswer(drill, member, {
      id: 'profiles-are-served',
      path: '/debug/pprof/',
      words: /goroutine/,
    })
    await expectAnswer(drill, member, {
      id: 'metrics-are-extensive',
      path: '/metrics',
      words: /grpc_server_handling_seconds_bucket/,
    })
    if (optionOf(drill.cluster.spec, 'enable-v2', member.name) === 'true') {
      await expectAnswer(drill, member, { id: 'v2-is-served', path: '/v2/keys', words: /"node"/ })
    }
    await expectOperations(drill, member)
  },
}

interface ExpectedAnswer {
  readonly id: string
  readonly path: string
  readonly words: RegExp
}

async function expectAnswer(drill: Drill, member: Member, { id, path, words }: ExpectedAnswer) {
  const { statusCode, body } = await get(drill, member, path)
  const held = statusCode === 200 && words.test(body)
  drill.expect(id, `${path} to answer 200 with ${words.source}`, held, `${statusCode}`)
}

async function get({ cluster }: Drill, member: Member, path: string): Promise<HttpResponse> {
  const agent = agentFor(cluster.credentials)
  const url = new URL(path, member.clientEndpoint)
  try {
    return await sendOnce({ url, agent, timeoutMs: 10_000 })
  } finally {
    agent.destroy()
  }
}

/** The limit that is set, not the default of 128. */
async function expectOperations(drill: Drill, member: Member): Promise<void> {
  const client = drill.client(member)
  const write = (count: number) =>
    rejectionOf(
      etcd.txn(client, { compare: [], success: putsOf('options/', count) }, { timeoutMs: 10_000 }),
    )
  const [most, more] = [await write(operations), await write(operations + 1)]
  drill.expect(
    'operations-follow-option',
    `a transaction of ${operations} operations to be accepted, and one of ${operations + 1} rejected`,
    most === undefined && isError(more, etcdErrors.tooManyOperations),
    `${formatRejection(most)} and ${formatRejection(more)}`,
  )
}
