import { expect, test } from 'vitest'
import { withOpenOptions, withOptionsForVersion, withoutOptions } from './option-names.ts'
import { isOff, isOn, isOnEverywhere, numberOf, optionOf } from './option-values.ts'
import { resizeCluster } from './presets.ts'
import { sampleSpec } from './testing/sample-spec.ts'

const architecture = 'amd64'

test('an option is read under each of its names, from the member, then from all, then by default', () => {
  const spec = sampleSpec({
    members: [{ name: 'm1', architecture, options: { 'max-txn-ops': '7' } }],
    options: { 'max-txn-ops': '9', 'experimental-corrupt-check-time': '5s' },
  })
  expect([numberOf(spec, 'max-txn-ops', 'm1'), numberOf(spec, 'max-txn-ops')]).toEqual([7, 9])
  expect(optionOf(spec, 'corrupt-check-time')).toBe('5s')
  expect(numberOf(spec, 'max-request-bytes')).toBe(1_572_864)
  expect(() => numberOf(spec, 'cors')).toThrow('Expected cors to be a whole number')
})

test('a feature gate is read from the list of gates, and from the flag that it was', () => {
  const gated = {
    version: '3.6.4',
    options: { 'feature-gates': 'A=true,InitialCorruptCheck=true' },
  }
  const flagged = { version: '3.5.16', options: { 'experimental-initial-corrupt-check': 'TRUE' } }
  expect(isOn(sampleSpec(gated), 'InitialCorruptCheck')).toBe(true)
  expect(isOn(sampleSpec(flagged), 'InitialCorruptCheck')).toBe(true)
  expect(isOn(sampleSpec(), 'InitialCorruptCheck')).toBe(false)
})

test.each([
  ['0', false],
  ['0s', false],
  ['1', true],
  ['10m', true],
])('auto-compaction with a retention of %s is on: %s', (retention, on) => {
  const spec = sampleSpec({ options: { 'auto-compaction-retention': retention } })
  expect(isOn(spec, 'auto-compaction-retention')).toBe(on)
})

test('a boolean that one member has off is off, and not on everywhere', () => {
  const members = [
    { name: 'm1', architecture, options: { 'strict-reconfig-check': 'false' } },
    { name: 'm2', architecture },
  ] as const
  const spec = sampleSpec({ members })
  expect(isOff(spec, 'strict-reconfig-check')).toBe(true)
  expect(isOnEverywhere(spec, 'strict-reconfig-check')).toBe(false)
  expect(isOn(spec, 'strict-reconfig-check')).toBe(true)
  expect(isOff(sampleSpec(), 'enable-grpc-gateway')).toBe(false)
})

test('what a scenario sets replaces the option of every member, under the name that the user gave it', () => {
  const options = { 'corrupt-check-time': '9s', 'feature-gates': 'LeaseCheckpoint=true' }
  const spec = sampleSpec({
    version: '3.6.4',
    members: [{ name: 'm1', architecture, options }],
    options: { 'experimental-corrupt-check-time': '5s', cors: '*' },
  })
  const set = withOptionsForVersion(spec, { 'corrupt-check-time': '2s', CompactHashCheck: 'true' })
  expect(set.options).toEqual({
    cors: '*',
    'corrupt-check-time': '2s',
    'feature-gates': 'CompactHashCheck=true',
  })
  expect(set.members[0]?.options).toEqual({
    'feature-gates': 'LeaseCheckpoint=true,CompactHashCheck=true',
  })
  expect(withoutOptions(spec, ['corrupt-check-time']).options).toEqual({ cors: '*' })
})

test('what a scenario prefers leaves what the user gave', () => {
  const spec = sampleSpec({ options: { 'experimental-snapshot-catchup-entries': '7' } })
  const preferred = { 'snapshot-catchup-entries': '10', 'snapshot-count': '50' }
  expect(withOpenOptions(spec, preferred).options).toEqual({
    'experimental-snapshot-catchup-entries': '7',
    'snapshot-count': '50',
  })
})

test('a cluster that grows keeps its members and gives new ones the options of the first', () => {
  const spec = sampleSpec({ members: [{ name: 'm2', architecture, options: { cors: '*' } }] })
  const grown = resizeCluster(spec, 3)
  expect(grown.members.map(({ name }) => name)).toEqual(['m2', 'm1', 'm3'])
  expect(grown.members.every(({ options }) => options?.cors === '*')).toBe(true)
  expect(resizeCluster(grown, 1)).toEqual(spec)
})
