import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { namedFaults } from '../faults/catalogue.ts'
import { doorOf, faultNamed } from './test-cluster.ts'

test('every fault of members and doors is found by its name, and a near name is suggested', () => {
  for (const { name } of namedFaults()) expect(faultNamed(name).name).toBe(name)
  expect(() => faultNamed('isolat')).toThrow(
    /to be one of kill, .*`isolat` \(did you mean `isolate`\?\)/,
  )
})

test('a test cluster has the doors of `--door`, and another one is refused with those there are', () => {
  expect(doorOf({})).toBeUndefined()
  expect(doorOf({ door: 'direct' })).toBeUndefined()
  expect(doorOf({ door: 'grpc-proxy' })).toBe('grpc-proxy')
  const asking = () => doorOf({ door: 'proxy' as 'gateway' })
  expect(asking).toThrow(InputError)
  expect(asking).toThrow('Expected `door` to be one of direct, gateway, grpc-proxy, got `proxy`')
})
