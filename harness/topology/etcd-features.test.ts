import { expect, test } from 'vitest'
import { architectureEnvironment, featuresOf, hasFeature } from './etcd-features.ts'
import { optionsForVersion } from './option-names.ts'

test('a pre-release has what its series begins with, but not what a patch release brought', () => {
  for (const version of ['3.6.0-beta.0', '3.6.0-rc.2']) {
    expect(hasFeature(version, 'feature-gates')).toBe(true)
    expect(hasFeature(version, 'api-v2')).toBe(false)
    expect(hasFeature(version, 'add-while-one-down')).toBe(false)
    expect(featuresOf(version).defaultSnapshotCount).toBe(10_000)
  }
})

test('an alpha has neither what its series begins with nor what older series got after it', () => {
  const { health, has, defaultSnapshotCount } = featuresOf('3.6.0-alpha.0')
  expect(health.readiness).toBe('/health')
  expect(defaultSnapshotCount).toBe(100_000)
  const missing = ['feature-gates', 'ordered-watch-progress', 'snapshot-catchup-flag'] as const
  expect(missing.filter(has)).toEqual([])
  expect(has('pre-vote-default')).toBe(true)
  expect(hasFeature('3.8.0-alpha.0', 'range-stream')).toBe(true)
  expect(optionsForVersion('3.6.0-alpha.0', { InitialCorruptCheck: 'true' })).toEqual({
    'experimental-initial-corrupt-check': 'true',
  })
})

test('a feature that was backported is in each series from its own patch on', () => {
  const versions = ['3.3.25', '3.4.28', '3.4.29', '3.5.10', '3.5.11', '3.6.0', '4.0.0']
  const having = versions.filter((version) => hasFeature(version, 'livez-readyz'))
  expect(having).toEqual(['3.4.29', '3.5.11', '3.6.0', '4.0.0'])
})

test('no patch release of an older series has a feature of a newer series', () => {
  expect(hasFeature('3.4.99', 'etcdutl')).toBe(false)
  expect(hasFeature('3.3.99', 'snapshot-bump-revision')).toBe(false)
})

test('no version has a feature from the version that removed it on', () => {
  const versions = ['3.3.25', '3.5.30', '3.6.0', '3.7.1']
  expect(versions.filter((version) => hasFeature(version, 'api-v2'))).toEqual(['3.3.25', '3.5.30'])
  expect(hasFeature('3.7.0', 'experimental-flags')).toBe(false)
  expect(hasFeature('3.6.5', 'experimental-flags')).toBe(true)
})

test('an unknown newer version behaves as the newest known one', () => {
  const { series, has, ...newest } = featuresOf('9.9.9')
  const { series: _, has: __, ...known } = featuresOf('3.7.0')
  expect(newest).toEqual(known)
  expect(series).toBe('9.9')
  expect(has('range-stream')).toBe(true)
})

test('gateway, tools, logging and snapshot count follow the version', () => {
  expect(featuresOf('3.3.25')).toMatchObject({
    gatewayPrefix: '/v3beta',
    defaultApi: 2,
    offlineTool: 'etcdctl',
    etcdctlEnvironment: { ETCDCTL_API: '3' },
    jsonLogOptions: {},
  })
  expect(featuresOf('3.4.23').jsonLogOptions).toEqual({ logger: 'zap', 'log-outputs': 'stderr' })
  expect(featuresOf('3.5.16')).toMatchObject({ jsonLogOptions: {}, offlineTool: 'etcdutl' })
  expect(featuresOf('3.6.0')).toMatchObject({
    etcdctlEnvironment: {},
    defaultSnapshotCount: 10_000,
  })
})

test('only 3.4 and older need an environment variable to start on arm64', () => {
  expect(architectureEnvironment('3.4.23', 'arm64')).toEqual({ ETCD_UNSUPPORTED_ARCH: 'arm64' })
  expect(architectureEnvironment('3.4.23', 'amd64')).toEqual({})
  expect(architectureEnvironment('3.5.0', 'arm64')).toEqual({})
})
