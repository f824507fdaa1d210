import { done, etcd, type Labels, type Member, notYet } from '../../../harness/index.ts'
import type { TopicContext } from '../topic.ts'
import { httpTo } from './connection.ts'
import { metricsOf, parseServerMetrics } from './metrics.ts'

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

/** What puts make a member do, which its dashboard has to show. */
const workSeries = [
  'etcd_network_client_grpc_received_bytes_total',
  'etcd_network_client_grpc_sent_bytes_total',
  'etcd_disk_wal_fsync_duration_seconds_count',
  'etcd_disk_backend_commit_duration_seconds_count',
  'grpc_server_started_total',
] as const

const neededBy = ({ drill }: TopicContext): readonly string[] =>
  drill.cluster.members.length === 1 ? needed : neededWithPeers

export async function series(context: TopicContext): Promise<void> {
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

export async function counters(context: TopicContext): Promise<void> {
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
  // The database is committed a tenth of a second later.
  for (const name of workSeries) {
    await check.becomes('work-counted', `${name} grows with writes`, async () => {
      const now = (await metricsOf(context, 0)).sum(name) ?? 0
      return now > (before.sum(name) ?? 0) ? done(now) : notYet(`${now}`)
    })
  }
}
