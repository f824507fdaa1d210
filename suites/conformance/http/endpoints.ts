import { done, etcd, featuresOf, type Labels, type Member, notYet } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { catchUp, conformance, type TopicContext } from '../topic.ts'
import { expectCertificateNeeded, http, httpTo } from './connection.ts'
import { metricsOf, parseServerMetrics } from './metrics.ts'

export const endpoints = conformance({
  name: 'endpoints',
  title: 'Health, version and metrics endpoints answer what probes and dashboards need',
  behindDoors: checksAskMembers,
  parts: [health, healthWithAlarm, versions, series, counters],
})

/**
 * The series that alerts and dashboards of etcd's documentation need, except the round trips between
 * members: those have no sample until a member has run for half a minute.
 */
const needed = [
  'etcd_server_has_leader',
  'etcd_server_is_leader',
  'etcd_server_leader_changes_seen_total',
  'etcd_server_proposals_committed_total',
  'etcd_server_proposals_applied_total',
  'etcd_server_proposals_pending',
  'etcd_server_proposals_failed_total',
  'etcd_disk_wal_fsync_duration_seconds_bucket',
  'etcd_disk_backend_commit_duration_seconds_bucket',
  'etcd_network_client_grpc_received_bytes_total',
  'etcd_network_client_grpc_sent_bytes_total',
  'etcd_server_quota_backend_bytes',
  'grpc_server_handled_total',
  'grpc_server_started_total',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
] as const

/** A member without peers sends nothing to them. */
const neededWithPeers = [...needed, 'etcd_network_peer_sent_bytes_total'] as const

const neededBy = ({ drill }: TopicContext): readonly string[] =>
  drill.cluster.members.length === 1 ? needed : neededWithPeers

async function health(context: TopicContext): Promise<void> {
  const { check, drill, has } = context
  for (const [index, member] of drill.cluster.members.entries()) {
    const places = [http(context, index), httpTo(member.metricsEndpoint, undefined)]
    for (const [place, asking] of places.entries()) {
      const port = `${place === 0 ? 'client' : 'metrics'} port of ${member.name}`
      await check.becomes('health-is-true', `/health on the ${port} answers true`, async () => {
        const { statusCode, body } = await asking.get('/health')
        const isTrue = statusCode === 200 && JSON.parse(body).health === 'true'
        return isTrue ? done(body) : notYet(`${statusCode} ${body}`)
      })
      for (const path of ['/livez', '/readyz']) {
        const expected = has('livez-readyz') ? 200 : 404
        await check.becomes(
          'probe-answers-by-version',
          `${path} on the ${port} answers ${expected}`,
          async () => {
            const { statusCode } = await asking.get(path)
            return statusCode === expected ? done(expected) : notYet(`${statusCode}`)
          },
        )
      }
      asking[Symbol.dispose]()
    }
  }
  await expectCertificateNeeded(context, '/health')
}

/** Raises an alarm for as short as possible. */
async function healthWithAlarm(context: TopicContext): Promise<void> {
  const { check, client, drill, has } = context
  const { memberId } = await etcd.status(client(0))
  const alarm = { memberId, type: 'NOSPACE' } as const
  const raised = drill.window('alarm-raised', 'changes', drill.cluster.members)
  await etcd.raiseAlarm(client(0), alarm)
  await using off = new AsyncDisposableStack()
  off.defer(() => etcd.disarm(client(0), alarm))
  await catchUp(client(0))
  using asking = httpTo((drill.cluster.members[0] as Member).metricsEndpoint, undefined)
  const codeOf = async (path: string) => (await asking.get(path)).statusCode
  await check.equal('alarm-fails-health', '/health answers 503 while an alarm is on', 503, () =>
    codeOf('/health'),
  )
  const excluded = has('health-exclude') ? 200 : 503
  await check.equal(
    'health-excludes-alarm',
    `/health?exclude=NOSPACE answers ${excluded} while the alarm is on`,
    excluded,
    () => codeOf('/health?exclude=NOSPACE'),
  )
  if (has('livez-readyz')) {
    await check.equal('alarm-keeps-readyz', '/readyz answers 200 while the alarm is on', 200, () =>
      codeOf('/readyz'),
    )
    await check.equal('alarm-keeps-livez', '/livez answers 200 while the alarm is on', 200, () =>
      codeOf('/livez'),
    )
  }
  await off.disposeAsync()
  await catchUp(client(0))
  await raised.undo()
  const becomes200 = (id: string, path: string) =>
    check.becomes(id, `${path} answers 200 after the alarm is disarmed`, async () => {
      const code = await codeOf(path)
      return code === 200 ? done(code) : notYet(`${code}`)
    })
  await becomes200('disarmed-health-is-true', '/health')
  await becomes200('disarmed-serializable-health-is-true', '/health?serializable=true')
}

async function versions(context: TopicContext): Promise<void> {
  const { check, drill } = context
  const { version } = drill.cluster.spec
  const cluster = `${featuresOf(version).series}.0`
  // The leader requests the members' versions every 4 s, also of a member that started late.
  await check.becomes(
    'version-endpoint-names-both',
    '/version names the versions of the server and of the cluster',
    async () => {
      using asking = http(context, 1)
      const { body } = await asking.get('/version')
      const { etcdserver, etcdcluster } = JSON.parse(body)
      return etcdserver === version && etcdcluster === cluster ? done(body) : notYet(body)
    },
  )
}

async function series(context: TopicContext): Promise<void> {
  const { check, drill } = context
  const leads: number[] = []
  for (const [index, member] of drill.cluster.members.entries()) {
    const metrics = await metricsOf(context, index)
    const missing = neededBy(context).filter((name) => metrics.sum(name) === undefined)
    await check.equal(
      'needed-series-present',
      `${member.name} exports every series that alerts and dashboards need`,
      [],
      () => missing,
    )
    await check.holds(
      'database-size-exported',
      `${member.name} exports the size of its database`,
      () => {
        const size = metrics.sum('etcd_mvcc_db_total_size_in_bytes') ?? 0
        return { held: size > 0, found: size }
      },
    )
    await check.equal('leader-exported', `${member.name} exports that it has a leader`, 1, () =>
      metrics.sum('etcd_server_has_leader'),
    )
    leads.push(metrics.sum('etcd_server_is_leader') ?? 0)
  }
  await check.equal('one-member-leads', 'exactly one member exports that it leads', 1, () =>
    leads.reduce((all, one) => all + one, 0),
  )
  await check.equal(
    'ports-export-same-series',
    'both ports export the same series',
    [],
    async () => {
      const [member] = drill.cluster.members as [Member]
      using asking = httpTo(member.metricsEndpoint, undefined)
      const metrics = parseServerMetrics((await asking.get('/metrics')).body)
      return neededBy(context).filter((name) => metrics.sum(name) === undefined)
    },
  )
}

async function counters(context: TopicContext): Promise<void> {
  const { check, client, prefix } = context
  const before = await metricsOf(context, 0)
  for (let index = 0; index < 20; index++) {
    await etcd.put(client(0), { key: `${prefix}counted`, value: 'v' })
  }
  const after = await metricsOf(context, 0)
  const growth = (name: string, labels?: Labels) =>
    (after.sum(name, labels) ?? 0) - (before.sum(name, labels) ?? 0)
  for (const name of ['committed', 'applied']) {
    const counter = `etcd_server_proposals_${name}_total`
    await check.holds('proposals-counted', `${counter} counts each write`, () => {
      return { held: growth(counter) >= 20, found: growth(counter) }
    })
  }
  await check.holds('grpc-puts-counted', 'gRPC’s series count each successful put', () => {
    const puts = growth('grpc_server_handled_total', { grpc_code: 'OK', grpc_method: 'Put' })
    return { held: puts >= 20, found: puts }
  })
}
