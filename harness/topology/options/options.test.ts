import { expect, test } from 'vitest'
import { everyFlag, everyYamlKey, flagAt, knownVersionFor, yamlTypeAt } from './options.ts'

test('a flag has its default by version, and none where the version refuses it', () => {
  expect(flagAt('3.5.16', 'snapshot-count')).toEqual({ default: '100000' })
  expect(flagAt('3.6.14', 'snapshot-count')).toEqual({ default: '10000' })
  expect(flagAt('3.3.25', 'pre-vote')).toBeUndefined()
  expect(flagAt('3.6.14', 'experimental-initial-corrupt-check')).toEqual({ default: 'false' })
  expect(flagAt('3.7.1', 'experimental-initial-corrupt-check')).toBeUndefined()
  expect(flagAt('3.4.23', 'unsafe-no-fsync')).toEqual({ default: undefined })
  expect(flagAt('3.5.16', 'toString')).toBeUndefined()
})

test.each([
  ['3.5.16', '3.5.16'],
  ['3.5.20', '3.5.16'],
  ['3.5.5', '3.5.16'],
  ['3.5.99', '3.5.33'],
  ['3.6.0-rc.1', '3.6.14'],
  ['3.8.0', '3.7.1'],
  ['3.2.1', '3.3.25'],
])('%s has the flags of %s', (version, known) => {
  expect(knownVersionFor(version)).toBe(known)
})

test('a YAML key has its type, and none where the version ignores it', () => {
  expect(yamlTypeAt('3.5.16', 'experimental-corrupt-check-time')).toBe('time.Duration')
  expect(yamlTypeAt('3.7.1', 'experimental-corrupt-check-time')).toBeUndefined()
  expect(yamlTypeAt('3.5.16', 'hearbeat-interval')).toBeUndefined()
})

test('the tables have every flag and key that any known version has', () => {
  expect(everyFlag.length).toBeGreaterThan(140)
  expect(everyYamlKey.length).toBeGreaterThan(100)
  expect(everyFlag).toEqual(everyFlag.toSorted())
})
