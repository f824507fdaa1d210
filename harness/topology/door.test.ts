import { expect, test } from 'vitest'
import { objectiveMeasures } from '../run-record/scenario-plan.ts'
import { type DoorKind, doorTraits, unboundMeasures } from './door.ts'
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

test('what does not hold behind a door names measures that there are, with a reason', () => {
  for (const { unbound } of Object.values(doorTraits)) {
    for (const { measures, reason } of unbound) {
      expect(objectiveMeasures).toEqual(expect.arrayContaining([...measures]))
      expect(reason.length).toBeGreaterThan(40)
    }
  }
  expect(doorPromises.flatMap(({ behind }) => Object.keys(behind))).toHaveLength(
    doorPromises.length * kinds.length,
  )
})

test('clients of other members are promised nothing behind a door once a member is harmed', () => {
  const unbound = (...effects: Parameters<typeof unboundMeasures>[1]) =>
    Object.keys(unboundMeasures({ door: 'gateway' }, effects))
  expect(unbound()).toEqual([])
  expect(unbound('stops')).toContain('otherMembersWriteOutageMs')
  expect(unbound('stops')).not.toContain('writeOutageMs')
  expect(unbound('stops', 'cuts')).toContain('writeOutageMs')
  expect(unboundMeasures({}, ['cuts'])).toEqual({})
})
