import { authenticate, type UserAndPassword } from '../client/auth.ts'
import { alarms, type Status, status } from '../client/maintenance.ts'
import { connectMember, type MemberClient } from '../client/member-client.ts'
import { memberList } from '../client/membership.ts'
import { isServerRejection } from '../client/request-error.ts'
import { InputError, messageOf } from '../core/errors.ts'
import { parsePrometheus, type Sample, sumOf } from '../core/etcd/prometheus.ts'
import { agentFor, type HttpResponse, sendOnce } from '../core/network/http.ts'
import type { TlsCredentials } from '../core/network/tls-credentials.ts'
import { type FeatureName, hasFeature } from '../topology/etcd-features.ts'
import { isVersion } from '../topology/version.ts'
import { type Asker, mapAnswer, notAsked } from './ask.ts'
import type {
  AlarmView,
  EndpointView,
  MetricsView,
  ProbePath,
  ProbeView,
  Reply,
  StatusView,
} from './checks/cluster-view.ts'
import { readCertificate } from './probe-port.ts'

/** How a cluster is reached. */
export interface Access {
  readonly credentials?: TlsCredentials | undefined
  readonly user?: UserAndPassword | undefined
  /** Of each request. */
  readonly timeoutMs: number
}

export interface Place {
  /** Of the client port. */
  readonly url: string
  /** Where `/health` and `/metrics` are served, if elsewhere. */
  readonly httpUrl?: string
}

/** An endpoint that was looked at once, and a client for what the look has still to ask there. */
export interface LookedAt extends AsyncDisposable {
  readonly view: Omit<EndpointView, 'laterStatus' | 'hash'>
  readonly client: MemberClient
}

/**
 * Asks an endpoint for all but what depends on others. Sends no request that changes anything: with a
 * user it logs in, which etcd agrees on as on a write but stores nowhere.
 */
export async function lookAtEndpoint(
  { url, httpUrl = url }: Place,
  access: Access,
  asker: Asker,
): Promise<LookedAt> {
  const { credentials, timeoutMs } = access
  const certificate = url.startsWith('https:')
    ? asker.ask(() => readCertificate({ url: new URL(url), timeoutMs }, credentials))
    : notAsked('the endpoint speaks plain HTTP')
  const connected = await connect(url, access, asker)
  const first = await asker.ask(() => status(connected))
  const own = await askOwnServer(first, { client: connected, httpUrl, access, asker })
  return {
    client: connected,
    view: { url, status: mapAnswer(first, toStatusView), certificate: await certificate, ...own },
    [Symbol.asyncDispose]: async () => connected.close(),
  }
}

/** A client that is logged in, where there is a user. Throws an InputError for a wrong password. */
async function connect(url: string, access: Access, asker: Asker): Promise<MemberClient> {
  const { credentials, user, timeoutMs } = access
  const client = connectMember({ member: url, endpoint: url, credentials, timeoutMs })
  if (user === undefined) return client
  const token = await asker.ask(async () => {
    try {
      return await authenticate(client, user)
    } catch (thrown) {
      if (!isServerRejection(thrown) || !/authentication failed/.test(thrown.details)) throw thrown
      client.close()
      return new InputError(`Expected a user of ${url} with \`--user\`, got: ${thrown.details}`)
    }
  })
  // A cluster without authentication rejects a log-in, and needs none.
  if (token.kind !== 'answered') return client
  if (token.value instanceof InputError) throw token.value
  client.close()
  return connectMember({
    member: url,
    endpoint: url,
    credentials,
    timeoutMs,
    token: token.value,
  })
}

type OwnAnswers = Pick<EndpointView, 'members' | 'alarms' | 'probes' | 'metrics'>

interface Question {
  readonly client: MemberClient
  readonly httpUrl: string
  readonly access: Access
  readonly asker: Asker
}

async function askOwnServer(first: Reply<Status>, question: Question): Promise<OwnAnswers> {
  if (first.kind !== 'answered') return unaskedFor(`status: ${first.reason}`)
  const { client, httpUrl, access, asker } = question
  const { learner, version } = first.value
  // A build of one's own may call itself anything; it is asked only for what every version has.
  const has = (feature: FeatureName) => isVersion(version) && hasFeature(version, feature)
  const agent = agentFor(httpUrl.startsWith('https:') ? access.credentials : undefined)
  const get = (path: ProbePath) =>
    asker.ask(() => sendOnce({ url: new URL(path, httpUrl), agent, timeoutMs: access.timeoutMs }))
  const where = (isThere: boolean, path: ProbePath) =>
    isThere ? get(path) : notAsked(`${version} has no ${path}`)
  try {
    const [members, raised, health, livez, readyz, metrics] = await Promise.all([
      learner
        ? notAsked('a learner answers no member list')
        : asker.ask(() => memberList(client, { serializable: true })),
      has('status-details')
        ? mapAnswer(first, ({ errors }) => errors.flatMap(alarmIn))
        : asker.ask(() => alarms(client)),
      get('/health'),
      where(has('livez-readyz'), '/livez'),
      where(has('livez-readyz'), '/readyz'),
      get('/metrics'),
    ])
    return {
      members,
      alarms: raised,
      probes: {
        '/health': mapAnswer(health, toProbeView),
        '/livez': mapAnswer(livez, toProbeView),
        '/readyz': mapAnswer(readyz, toProbeView),
        '/metrics': mapAnswer(metrics, ({ statusCode }) => ({ statusCode, body: '' })),
      },
      metrics: readMetrics(metrics),
    }
  } finally {
    agent.destroy()
  }
}

function unaskedFor(reason: string): OwnAnswers {
  const none = notAsked(reason)
  const probes = { '/health': none, '/livez': none, '/readyz': none, '/metrics': none }
  return { members: none, alarms: none, probes, metrics: none }
}

export function toStatusView(found: Status): StatusView {
  const { memberId, clusterId, leaderId, term, revision, version, learner } = found
  return { memberId, clusterId, leaderId, term, revision, version, learner }
}

/** As protobuf prints an alarm, such as `memberID:10276657743932975437 alarm:NOSPACE `. */
function alarmIn(text: string): readonly AlarmView[] {
  const [, memberId = '0', type] = /^(?:memberID:(\d+) )?alarm:(\w+)/.exec(text) ?? []
  return type === undefined ? [] : [{ memberId, type }]
}

const longestBody = 200

function toProbeView({ statusCode, body }: HttpResponse): ProbeView {
  return { statusCode, body: body.replaceAll(/\s+/g, ' ').trim().slice(0, longestBody) }
}

/** A page that is none, such as a proxy's, is no answer. */
function readMetrics(page: Reply<HttpResponse>): Reply<MetricsView> {
  if (page.kind !== 'answered') return page
  const { statusCode, body } = page.value
  if (statusCode !== 200) return { kind: 'rejected', reason: `/metrics answers ${statusCode}` }
  try {
    return { kind: 'answered', value: toMetricsView(parsePrometheus(body)) }
  } catch (thrown) {
    return { kind: 'rejected', reason: messageOf(thrown) }
  }
}

function toMetricsView(samples: readonly Sample[]): MetricsView {
  const startedS = sumOf(samples, 'process_start_time_seconds')
  return {
    quotaBytes: sumOf(samples, 'etcd_server_quota_backend_bytes'),
    dbSizeBytes: sumOf(samples, 'etcd_mvcc_db_total_size_in_bytes'),
    dbSizeInUseBytes: sumOf(samples, 'etcd_mvcc_db_total_size_in_use_in_bytes'),
    leaderChanges: sumOf(samples, 'etcd_server_leader_changes_seen_total'),
    upSeconds: startedS === undefined ? undefined : Math.max(Date.now() / 1_000 - startedS, 0),
  }
}
