import { Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { serviceOf } from '../../client/proto.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { startClock } from '../../core/clock.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import type { ScenarioEvidence } from '../drill/evidence.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { startGuest } from './guest.ts'
import type { Route } from './route.ts'

type Rule = (isRevoked: boolean) => 'serves' | 'denies'

/** A guest of a member that decides by the rule; its expectations that broke, once it looked twice. */
async function brokenBy(rule: Rule): Promise<string[]> {
  const seen = { revoked: false, after: 0 }
  const server = new Server()
  server.addService(serviceOf('KV'), {
    Range: (_call: unknown, reply: sendUnaryData<object>) => {
      if (seen.revoked) seen.after++
      if (rule(seen.revoked) === 'serves') return reply(null, { header: {}, kvs: [], count: 0 })
      reply({ code: status.PERMISSION_DENIED, details: 'etcdserver: permission denied' })
    },
  })
  server.addService(serviceOf('Auth'), {
    UserRevokeRole: (_call: unknown, reply: sendUnaryData<object>) => {
      seen.revoked = true
      reply(null, {})
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
  onTestFinished(() => server.forceShutdown())
  const endpoint = `http://127.0.0.1:${port}`
  const failures: { expectation: string }[] = []
  const evidence = { clock: startClock(), failures, marks: [] } as unknown as ScenarioEvidence
  const spec = sampleSpec({ members: 1, auth: { by: 'password', token: 'simple' } })
  const members = [{ name: 'm1', clientEndpoint: endpoint } as Member]
  const route: Route = { to: (to) => ({ endpoint: to, credentials: undefined }) }
  const guest = startGuest({
    cluster: { spec, members } as unknown as Cluster,
    scenario: {} as Scenario,
    plan: { timeScale: 1 } as RunPlan,
    evidence,
    routes: { drill: route, clients: route },
  })
  guest?.endRights()
  const look = () => (seen.after > 1 ? done(undefined) : notYet(`${seen.after} reads`))
  await poll(look, { what: 'reads after the end of the rights', deadlineMs: 15_000 })
  await guest?.[Symbol.asyncDispose]()
  return [...new Set(failures.map(({ expectation }) => expectation))]
}

test('a member that denies from the end of the rights on keeps every promise', async () => {
  expect(await brokenBy((isRevoked) => (isRevoked ? 'denies' : 'serves'))).toEqual([])
})

test('a read that is served after the end of the rights breaks a promise', async () => {
  expect(await brokenBy(() => 'serves')).toEqual(['ended-rights-deny'])
})
