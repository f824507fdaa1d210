import { done, etcd, featuresOf, type Member, notYet } from '../../../harness/index.ts'
import { checksAskMembers } from '../../shared/at-members.ts'
import { catchUp, conformance, type TopicContext } from '../topic.ts'
import { expectCertificateNeeded, http, httpTo } from './connection.ts'
import { counters, series } from './series.ts'

export const endpoints = conformance({
  name: 'endpoints',
  title: 'Health, version and metrics endpoints answer what probes and dashboards need',
  behindDoors: checksAskMembers,
  parts: [health, healthWithAlarm, versions, series, counters],
})

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
