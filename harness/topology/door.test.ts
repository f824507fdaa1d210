import { expect, test } from 'vitest'
import { balancesRequests, type DoorKind, doorTraits } from './door.ts'
import { doorPromises } from './door-promises.ts'
import { sampleSpec } from './testing/sample-spec.ts'
import { validateSpec } from './validate.ts'

const kinds = Object.keys(doorTraits) as DoorKind[]

test('every version that Gauntlet knows has every door', () => {
  for (const door of kinds) {
    for (const version of ['3.3.25', '3.4.23', '3.5.16', '3.6.14', '3.7.1']) {
      expect(validateSpec(sampleSpec({ version, door }))).toEqual([])
    }
  }
})

test('every promise says what is left of it behind each door', () => {
  expect(doorPromises.flatMap(({ behind }) => Object.keys(behind))).toHaveLength(
    doorPromises.length * kinds.length,
  )
})

test('a gRPC proxy shares out requests since its client does, a gateway never', () => {
  const balances = (version: string, door: DoorKind) => balancesRequests({ version, door })
  expect(balances('3.3.13', 'grpc-proxy')).toBe(false)
  expect(balances('3.3.25', 'grpc-proxy')).toBe(true)
  expect(balances('3.7.1', 'grpc-proxy')).toBe(true)
  expect(balances('3.7.1', 'gateway')).toBe(false)
  expect(balancesRequests({ version: '3.7.1' })).toBe(false)
})
