import { expect, test } from 'vitest'
import type { Cluster } from '../../cluster/types.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { directRoute, doorRoute } from './route.ts'

const beside = 'https://127.0.0.1:1'
const door = { name: 'm1-door', clientEndpoint: 'https://127.0.0.1:9', memberEndpoint: beside }

const clusterOf = (spec: ClusterSpec) =>
  ({
    spec,
    doors: spec.door === undefined ? [] : [door],
    credentialsOf: () => ({ caPem: 'ca' }),
  }) as unknown as Cluster

const byPassword = { by: 'password', token: 'simple' } as const

test('without doors there is no way through them', () => {
  expect(doorRoute(clusterOf(sampleSpec()))).toBeUndefined()
})

test('a client of a member goes through the door beside it, and of another one to that', () => {
  const route = doorRoute(clusterOf(sampleSpec({ door: 'gateway' })))
  expect(route?.to(beside)).toMatchObject({ endpoint: 'https://127.0.0.1:9', door: 'm1-door' })
  expect(route?.to('https://127.0.0.1:2')).not.toHaveProperty('door')
  // The headers' checker judges members that are asked by themselves.
  expect(route?.to(beside)).not.toHaveProperty('observe')
})

test('behind a door that ends TLS root logs in, whose certificate no member sees', () => {
  const loginOf = (kind: ClusterSpec['door']) => {
    const cluster = clusterOf(sampleSpec({ auth: byPassword, ...(kind && { door: kind }) }))
    return (doorRoute(cluster) ?? directRoute(cluster)).to(beside, 'root').login?.user.name
  }
  expect(loginOf(undefined)).toBeUndefined()
  expect(loginOf('gateway')).toBeUndefined()
  expect(loginOf('grpc-proxy')).toBe('root')
})

test('all clients of a user share its login', () => {
  const route = doorRoute(clusterOf(sampleSpec({ auth: byPassword, door: 'grpc-proxy' })))
  expect(route?.to(beside, 'app').login).toBe(route?.to(beside, 'app').login)
})
