import { done, etcd, featuresOf, type Labels, type Member, notYet } from '../../harness/index.ts'
import { expectNamelessRefused, http, httpTo } from './http.ts'
import { metricsOf, readMetrics } from './metrics.ts'
import { catchUp, conformance, type TopicContext } from './topic.ts'

export const endpoints = conformance({
  name: 'endpoints',
  title: 'Probes and dashboards get what they need: health by its paths, the series by their names',
  parts: [health, alarmed, versions, series, counted],
})

/**
 * What alerts and dashboards of etcd's own documentation ask for, but for the round trips between
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
  'etcd_network_peer_sent_bytes_total',
  'etcd_server_quota_backend_bytes',
  'grpc_server_handled_total',
  'grpc_server_started_total',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
] as const

async function health(bench: TopicContext): Promise<void> {
  const { check, drill, has } = bench
  for (const [index, member] of drill.cluster.members.entries()) {
    const places = [http(bench, index), httpTo(member.metricsEndpoint, undefined)]
    for (const [place, asking] of places.entries()) {
      const port = `${place === 0 ? 'client' : 'metrics'} port of ${member.name}`
      await check.becomes(`/health on the ${port} says true`, async () => {
        const { statusCode, body } = await asking.get('/health')
        const isTrue = statusCode === 200 && JSON.parse(body).health === 'true'
        return isTrue ? done(body) : notYet(`${statusCode} ${body}`)
      })
      for (const path of ['/livez', '/readyz']) {
        const expected = has('livez-readyz') ? 200 : 404
        await check.becomes(`${path} on the ${port} answers ${expected}`, async () => {
          const { statusCode } = await asking.get(path)
          return statusCode === expected ? done(expected) : notYet(`${statusCode}`)
        })
      }
      asking[Symbol.dispose]()
    }
  }
  await expectNamelessRefused(bench, '/health')
}

/** While an alarm is on: it is on for as short as can be. */
async function alarmed(bench: TopicContext): Promise<void> {
  const { check, client, drill, has } = bench
  const { memberId } = await etcd.status(client(0))
  const alarm = { memberId, type: 'NOSPACE' } as const
  await etcd.raiseAlarm(client(0), alarm)
  await using off = new AsyncDisposableStack()
  off.defer(() => etcd.disarm(client(0), alarm))
  await catchUp(client(0))
  using asking = httpTo((drill.cluster.members[0] as Member).metricsEndpoint, undefined)
  const codeOf = async (path: string) => (await asking.get(path)).statusCode
  await check.equal('an alarm makes /health 503', 503, () => codeOf('/health'))
  const excluded = has('health-exclude') ? 200 : 503
  await check.equal(`/health that excludes the alarm is ${excluded}`, excluded, () =>
    codeOf('/health?exclude=NOSPACE'),
  )
  if (has('livez-readyz')) {
    await check.equal('/readyz does not mind it: the member serves', 200, () => codeOf('/readyz'))
    await check.equal('nor does /livez', 200, () => codeOf('/livez'))
  }
  await off.disposeAsync()
  await catchUp(client(0))
  const becomes200 = (promise: string, path: string) =>
    check.becomes(promise, async () => {
      const code = await codeOf(path)
      return code === 200 ? done(code) : notYet(`${code}`)
    })
  await becomes200('disarmed, /health is 200 again', '/health')
  await becomes200('for a serializable read too', '/health?serializable=true')
}

async function versions(bench: TopicContext): Promise<void> {
  const { check, drill } = bench
  const { version } = drill.cluster.spec
  const cluster = `${featuresOf(version).series}.0`
  // The leader asks the members' versions every 4 s: one that started late is heard of by then.
  await check.becomes('/version names the server’s and the cluster’s', async () => {
    using asking = http(bench, 1)
    const { body } = await asking.get('/version')
    const { etcdserver, etcdcluster } = JSON.parse(body)
    return etcdserver === version && etcdcluster === cluster ? done(body) : notYet(body)
  })
}

async function series(bench: TopicContext): Promise<void> {
  const { check, drill } = bench
  const leads: number[] = []
  for (const [index, member] of drill.cluster.members.entries()) {
    const metrics = await metricsOf(bench, index)
    const missing = needed.filter((name) => metrics.sum(name) === undefined)
    await check.equal(`${member.name} has every series that is needed`, [], () => missing)
    await check.holds(`${member.name} says how large its database is`, () => {
      const size = metrics.sum('etcd_mvcc_db_total_size_in_bytes') ?? 0
      return { held: size > 0, found: size }
    })
    await check.equal(`${member.name} has a leader`, 1, () => metrics.sum('etcd_server_has_leader'))
    leads.push(metrics.sum('etcd_server_is_leader') ?? 0)
  }
  await check.equal('one member leads', 1, () => leads.reduce((all, one) => all + one, 0))
  await check.equal('both ports give the same series', [], async () => {
    const [member] = drill.cluster.members as [Member]
    using asking = httpTo(member.metricsEndpoint, undefined)
    const metrics = readMetrics((await asking.get('/metrics')).body)
    return needed.filter((name) => metrics.sum(name) === undefined)
  })
}

async function counted(bench: TopicContext): Promise<void> {
  const { check, client, prefix } = bench
  const before = await metricsOf(bench, 0)
  for (let index = 0; index < 20; index++) {
    await etcd.put(client(0), { key: `${prefix}counted`, value: 'v' })
  }
  const after = await metricsOf(bench, 0)
  const growth = (name: string, labels?: Labels) =>
    (after.sum(name, labels) ?? 0) - (before.sum(name, labels) ?? 0)
  for (const name of ['committed', 'applied']) {
    const counter = `etcd_server_proposals_${name}_total`
    await check.holds(`${counter} counts each write`, () => {
      return { held: growth(counter) >= 20, found: growth(counter) }
    })
  }
  await check.holds('gRPC’s series count each put that was answered well', () => {
    const puts = growth('grpc_server_handled_total', { grpc_code: 'OK', grpc_method: 'Put' })
    return { held: puts >= 20, found: puts }
  })
}
