import { expect, test } from 'vitest'
import { defaultsOf, everyFlag, everyYamlKey, flagAt, standInFor, yamlTypeAt } from './options.ts'

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
  ['3.4.0', undefined],
  ['3.5.16', undefined],
  ['3.5.20', undefined],
  ['3.6.14-eks', undefined],
  ['3.5.33+rke2', undefined],
  ['3.5.99', '3.5.33'],
  ['3.6.0-rc.1', '3.6.0'],
  ['3.6.0-alpha.0', '3.5.0'],
  ['3.8.0-alpha.0', '3.7.0'],
  ['3.8.0', '3.7.1'],
  ['4.0.0', '3.7.1'],
  ['3.2.1', '3.3.25'],
])('what was read says all of %s, or %s stands for it', (version, known) => {
  expect(standInFor(version)).toBe(known)
})

test('a flag of a patch release is in each series from that release on', () => {
  const having = (flag: string, versions: readonly string[]) =>
    versions.filter((version) => flagAt(version, flag) !== undefined)
  const patches = ['3.4.24', '3.4.25', '3.4.45', '3.5.0', '3.5.7', '3.5.8', '3.6.0-rc.1', '3.8.0']
  expect(having('listen-client-http-urls', patches)).toEqual([
    ...['3.4.25', '3.4.45', '3.5.8', '3.6.0-rc.1', '3.8.0'],
  ])
  const early = ['3.4.9', '3.4.10', '3.5.0', '3.5.4', '3.5.5']
  expect(having('unsafe-no-fsync', early)).toEqual(['3.4.10', '3.5.0', '3.5.4', '3.5.5'])
  expect(having('experimental-compact-hash-check-enabled', early)).toEqual(['3.5.5'])
  expect(yamlTypeAt('3.5.4', 'experimental-compact-hash-check-enabled')).toBeUndefined()
  expect(defaultsOf('tls-min-version').map(([since, known]) => [since, known?.default])).toEqual([
    ['3.3.25', undefined],
    ['3.4.25', 'TLS1.2'],
    ['3.5.0', undefined],
    ['3.5.8', 'TLS1.2'],
  ])
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
