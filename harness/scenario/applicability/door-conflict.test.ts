import { expect, test } from 'vitest'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { doorConflict } from './door-conflict.ts'

test('a scenario says why it cannot run behind a door, and runs behind the others', () => {
  const scenario = { behindDoors: { 'grpc-proxy': 'it renews certificates' } }
  expect(doorConflict(scenario, sampleSpec({ door: 'grpc-proxy' }))).toBe(
    'clients come through a grpc-proxy: it renews certificates',
  )
  expect(doorConflict(scenario, sampleSpec({ door: 'gateway' }))).toBeUndefined()
  expect(doorConflict(scenario, sampleSpec())).toBeUndefined()
  expect(doorConflict({}, sampleSpec({ door: 'grpc-proxy' }))).toBeUndefined()
})
