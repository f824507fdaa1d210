import { expect, test } from 'vitest'
import type { Effect } from '../core/effect.ts'
import { objectiveMeasures } from '../run-record/scenario-plan.ts'
import type { DoorKind } from './door.ts'
import { boundInstead, delaysOf, doorBounds, unboundMeasures } from './door-bounds.ts'
import { sampleSpec } from './testing/sample-spec.ts'

const faultsOf = (effects: readonly Effect[]) => effects.map((effect) => ({ effect }))

test('what nothing bounds behind a door names measures that there are, and the reason', () => {
  for (const { unbound } of Object.values(doorBounds)) {
    for (const { measures, reason, instead = {} } of unbound) {
      const named = [...measures, ...Object.values(instead)]
      expect(objectiveMeasures).toEqual(expect.arrayContaining(named))
      expect(reason.length).toBeGreaterThan(40)
    }
  }
})

test('clients of other members are promised nothing behind a door once a member is harmed', () => {
  const unbound = (...effects: Effect[]) =>
    Object.keys(unboundMeasures({ door: 'gateway' }, faultsOf(effects)))
  expect(unbound()).toEqual([])
  expect(unbound('stops')).toContain('otherMembersWriteOutageMs')
  expect(unbound('stops')).not.toContain('writeOutageMs')
  expect(unbound('stops', 'cuts')).toContain('writeOutageMs')
  expect(unbound('stalls')).not.toContain('writeOutageMs')
  expect(unboundMeasures({}, faultsOf(['cuts']))).toEqual({})
})

test('where a proxy shares out requests, the bound holds for the time in which none is served', () => {
  const instead = (door: DoorKind, effect: Effect, version = '3.6.14') =>
    boundInstead({ door, version }, 'writeOutageMs', faultsOf([effect]))
  for (const effect of ['cuts', 'stalls', 'degrades'] as const) {
    expect(instead('grpc-proxy', effect)).toBe('noWriteServedMs')
    expect(instead('gateway', effect)).toBeUndefined()
  }
  expect(instead('grpc-proxy', 'stops')).toBeUndefined()
  expect(instead('grpc-proxy', 'cuts', '3.3.10')).toBeUndefined()
})

function allowedMs(
  door: DoorKind,
  faults: Parameters<typeof unboundMeasures>[1],
  { members = 3, measure = 'writeOutageMs' } = {},
): number {
  const spec = { ...sampleSpec({ door, members }) }
  const delays = delaysOf(spec, measure, { faults, deadlineMs: 1_000 })
  return delays.reduce((sum, { ms }) => sum + ms, 0)
}

test('bounds are longer only where connections to a member end', () => {
  for (const door of ['gateway', 'grpc-proxy'] as const) {
    expect(allowedMs(door, [{ effect: 'stops' }])).toBe(4_000)
    expect(allowedMs(door, [{ effect: 'removes' }])).toBe(4_000)
    expect(allowedMs(door, [{ effect: 'changes' }])).toBe(0)
    expect(allowedMs(door, [{ effect: 'changes', exits: true }])).toBe(4_000)
    expect(allowedMs(door, [{ effect: 'damages', exits: true }])).toBe(4_000)
    expect(allowedMs(door, [{ effect: 'stops' }], { measure: 'recoveryMs' })).toBe(0)
  }
})

test('behind gateways clients leave a frozen member, and may come to it again', () => {
  const stalled = [{ effect: 'stalls' as const }]
  expect(allowedMs('gateway', stalled)).toBe(2_000)
  expect(allowedMs('gateway', stalled, { members: 5 })).toBe(0)
  expect(allowedMs('gateway', stalled, { members: 1 })).toBe(0)
  expect(allowedMs('grpc-proxy', stalled)).toBe(0)
  expect(allowedMs('gateway', [...stalled, { effect: 'stops' }])).toBe(6_000)
})
