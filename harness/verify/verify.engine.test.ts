import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { disarm, moveLeader, raiseAlarm, status } from '../client/maintenance.ts'
import { connectMember, type MemberClient } from '../client/member-client.ts'
import { memberAdd, memberList, memberRemove } from '../client/membership.ts'
import { startCluster } from '../cluster/start.ts'
import type { Cluster } from '../cluster/types.ts'
import { parsePrometheus } from '../core/etcd/prometheus.ts'
import { silentLog } from '../core/log.ts'
import { agentFor, sendOnce } from '../core/network/http.ts'
import { done, poll } from '../core/poll.ts'
import { loadCatalogue } from '../engine/images/catalogue.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import { clusterSpec, noTls } from '../topology/presets.ts'
import { lookAtCluster } from './look-at-cluster.ts'
import { reportOn } from './report.ts'

const catalogue = loadCatalogue()
let cluster: Cluster
let client: MemberClient

async function startVersion(version: string, overrides = {}): Promise<Cluster> {
  const architecture = 'native'
  const image = await resolveImage({ version, architecture, allowBuild: true, log: silentLog })
  return startCluster({
    spec: clusterSpec({ version, architecture: image.architecture, ...overrides }),
    runId: `suite-verify-${randomBytes(4).toString('hex')}`,
    image: image.reference,
  })
}

beforeAll(async () => {
  cluster = await startVersion(catalogue.default)
  const { name: member, clientEndpoint: endpoint } = cluster.member('m1')
  client = connectMember({ member, endpoint, credentials: cluster.credentials, timeoutMs: 3_000 })
})
afterAll(async () => {
  client?.close()
  await cluster?.[Symbol.asyncDispose]()
})

async function reportOf({ members, credentials }: Cluster) {
  const { view, requests } = await lookAtCluster({
    endpoints: members.map(({ clientEndpoint: url }) => ({ url })),
    credentials,
    timeoutMs: 3_000,
    withHash: true,
  })
  return reportOn(view, { minDays: 30, skip: [], requests })
}

/** Check, code and subject of all that is found. */
async function found(): Promise<string[]> {
  const { checks } = await reportOf(cluster)
  return checks.flatMap(({ check, findings }) =>
    findings.map(({ code, subject }) => `${check} ${code} ${subject}`),
  )
}

/** How often each gRPC method ended so far, at all members. */
async function handled(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  const agent = agentFor(undefined)
  for (const { metricsEndpoint } of cluster.members) {
    const url = new URL('/metrics', metricsEndpoint)
    const { body } = await sendOnce({ url, agent, timeoutMs: 3_000 })
    for (const { name, labels, value } of parsePrometheus(body)) {
      const method = `${labels.grpc_service}/${labels.grpc_method}`
      if (name === 'grpc_server_handled_total')
        counts.set(method, (counts.get(method) ?? 0) + value)
    }
  }
  agent.destroy()
  return counts
}

test('a look at a healthy cluster finds nothing, in 33 requests that write nothing', async () => {
  const before = { counts: await handled(), status: await status(client) }
  const { verdict, checks, requests, members } = await reportOf(cluster)
  expect(checks.filter(({ result }) => result !== 'ok')).toEqual([])
  expect({ verdict, requests }).toEqual({ verdict: 'healthy', requests: 33 })
  expect(members.map(({ role }) => role).sort()).toEqual(['follower', 'follower', 'leader'])

  const after = await status(client)
  expect(after.revision).toBe(before.status.revision)
  expect(after.raftIndex).toBe(before.status.raftIndex)
  const counts = await handled()
  const sent = [...counts].filter(([method, count]) => count !== (before.counts.get(method) ?? 0))
  expect(sent.map(([method]) => method).sort()).toEqual([
    'etcdserverpb.Cluster/MemberList',
    'etcdserverpb.Maintenance/HashKV',
    'etcdserverpb.Maintenance/Status',
  ])
})

test.each(catalogue.versions.map(({ version }) => version))(
  'a healthy member of %s has no fault',
  async (version) => {
    await using one = await startVersion(version, { members: 1, tls: noTls })
    const { verdict, checks } = await reportOf(one)
    expect(checks.flatMap(({ findings }) => findings)).toEqual([])
    expect(verdict).toBe('healthy')
  },
)

test('an alarm is found', async () => {
  const { memberId } = await status(client)
  await raiseAlarm(client, { memberId, type: 'NOSPACE' })
  expect(await found()).toEqual([
    ...cluster.members.map(({ name }) => `health probe-failing ${name}`),
    'alarms alarm m1',
  ])
  await disarm(client, { memberId, type: 'NOSPACE' })
})

test.each([
  ['a voter that never started', false, () => 'size even-size cluster'],
  ['a learner that was left over', true, (id: string) => `learners learner ${id}`],
] as const)('%s is found', async (_, learner, expected) => {
  const peerUrls = [`https://${cluster.member('m1').address.replace(/\d+$/, '200')}:2380`]
  // etcd wants its members connected for five seconds before it changes the membership.
  const { id } = await poll(async () => done(await memberAdd(client, { peerUrls, learner })), {
    what: 'the member to be added',
    deadlineMs: 30_000,
    intervalMs: 200,
  })
  const hex = BigInt(id).toString(16)
  const others = [`peer-ports peer-port-unreachable ${hex}`, `member-names member-unstarted ${hex}`]
  expect((await found()).sort()).toEqual([...others, expected(hex)].sort())
  await memberRemove(client, id)
})

test('a leader that changes often is found', async () => {
  const ids = (await memberList(client)).map(({ id }) => id)
  for (let move = 0; move < 6; move++) {
    const leader = await cluster.leader()
    const { clientEndpoint: endpoint, name: member } = leader
    const { credentials } = cluster
    const atLeader = connectMember({ member, endpoint, credentials, timeoutMs: 5_000 })
    const own = BigInt(`0x${(await leader.status()).memberId}`).toString()
    await moveLeader(atLeader, ids.find((id) => id !== own) ?? '')
    atLeader.close()
  }
  await cluster.untilHealthy()
  expect(await found()).toEqual(
    cluster.members.map(({ name }) => `leader-changes leader-changes-often ${name}`),
  )
})

test('a member that is down is found', async () => {
  const { clientEndpoint } = cluster.member('m3')
  await cluster.member('m3').kill()
  const lines = (await found()).filter((line) => !line.startsWith('leader-changes'))
  expect(lines[0]).toBe(`endpoints endpoint-unreachable ${clientEndpoint}`)
  expect(lines).toContain('peer-ports peer-port-unreachable m3')
})
