import { expect, test } from 'vitest'
import type { Engine } from '../../engine/connect.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { attachInfrastructure } from '../infrastructure/infrastructure.ts'
import { RunningCluster } from '../running-cluster.ts'

const spec = sampleSpec({ members: 1, door: 'gateway' })
const network = { name: 'net', subnet: '10.213.0.0/24' }

function attach(addresses: Readonly<Record<string, string>>) {
  const plan = { spec, runId: 'run', image: 'etcd' }
  const infrastructure = attachInfrastructure({} as Engine, plan, {
    network,
    addresses,
    volumes: new Map(),
  })
  const nothing = Promise.resolve(undefined)
  const basis = { infrastructure, certificates: nothing, tokenKeys: nothing }
  return { infrastructure, cluster: new RunningCluster(basis, []) }
}

test('a kept cluster remembers the addresses of its doors, so that no newcomer takes one', async () => {
  const first = attach({})
  const taken = ['m1', 'm1-gateway'].map((name) => first.infrastructure.addressOf(name))
  const { addresses = {} } = await first.cluster.placement()
  const second = attach(addresses)
  expect(taken).not.toContain(second.infrastructure.addressOf('m2'))
  expect((await second.cluster.placement()).addresses).toMatchObject(addresses)
})
