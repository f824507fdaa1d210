import { expect, test } from 'vitest'
import { optionsForVersion, specForVersion, withOptionsForVersion } from './option-names.ts'
import { clusterSpec } from './presets.ts'

test('an option has the name that each version gives it', () => {
  const options = {
    InitialCorruptCheck: 'true',
    CompactHashCheck: 'true',
    'corrupt-check-time': '10s',
    'quota-backend-bytes': '1',
  }
  expect(optionsForVersion('3.5.16', options)).toEqual({
    'experimental-initial-corrupt-check': 'true',
    'experimental-compact-hash-check-enabled': 'true',
    'experimental-corrupt-check-time': '10s',
    'quota-backend-bytes': '1',
  })
  expect(optionsForVersion('3.6.4', options)).toEqual({
    'feature-gates': 'InitialCorruptCheck=true,CompactHashCheck=true',
    'corrupt-check-time': '10s',
    'quota-backend-bytes': '1',
  })
})

test('a feature gate that is added replaces the same one of the spec and keeps the others', () => {
  const gated = (version: string, gates: string) =>
    withOptionsForVersion(clusterSpec({ version, options: { 'feature-gates': gates } }), {
      LeaseCheckpoint: 'true',
    }).options
  expect(gated('3.6.4', 'CompactHashCheck=true,LeaseCheckpoint=false')).toMatchObject({
    'feature-gates': 'CompactHashCheck=true,LeaseCheckpoint=true',
  })
  const { options } = withOptionsForVersion(clusterSpec({ version: '3.5.16' }), {
    LeaseCheckpoint: 'true',
  })
  expect(options).toMatchObject({ 'experimental-enable-lease-checkpoint': 'true' })
  expect(options).not.toHaveProperty('feature-gates')
})

test('a flag that lost its prefix in 3.5 is plain from then on', () => {
  const options = { 'backend-bbolt-freelist-type': 'map' }
  expect(optionsForVersion('3.4.23', options)).toEqual({
    'experimental-backend-bbolt-freelist-type': 'map',
  })
  expect(optionsForVersion('3.5.16', options)).toEqual(options)
})

test('what never had an experimental name keeps its own', () => {
  const options = { 'max-learners': '2', PriorityRequest: 'true' }
  expect(optionsForVersion('3.5.16', options)).toEqual(options)
  expect(optionsForVersion('3.7.1', options)).toEqual({
    'max-learners': '2',
    'feature-gates': 'PriorityRequest=true',
  })
})

test('a member that runs another version has the options under the names of that version', () => {
  const old = clusterSpec({
    version: '3.5.16',
    options: {
      'experimental-initial-corrupt-check': 'true',
      'experimental-snapshot-catchup-entries': '100',
      'quota-backend-bytes': '1',
    },
  })
  const newer = specForVersion(old, '3.7.1')
  expect(newer).toMatchObject({ version: '3.7.1', members: old.members })
  expect(newer.options).toEqual({
    'feature-gates': 'InitialCorruptCheck=true',
    'snapshot-catchup-entries': '100',
    'quota-backend-bytes': '1',
  })
  expect(specForVersion(newer, '3.5.16').options).toEqual(old.options)
  expect(specForVersion(old, '3.5.16')).toBe(old)
})
