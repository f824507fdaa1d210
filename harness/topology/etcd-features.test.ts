import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import {
  architectureEnvironment,
  compareVersions,
  featuresOf,
  hasFeature,
} from './etcd-features.ts'
import { optionsForVersion, withOptionsForVersion } from './option-names.ts'
import { clusterSpec } from './presets.ts'

test('versions compare by number, and a pre-release is before its release', () => {
  const ascending = [
    '3.4.9',
    '3.4.23',
    '3.5.0',
    '3.6.0-alpha.0',
    '3.6.0-rc.2',
    '3.6.0-rc.10',
    '3.6.0',
  ]
  for (const [index, version] of ascending.entries()) {
    for (const [other, against] of ascending.entries()) {
      expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other))
    }
  }
})

test('what a packager put behind a version changes nothing', () => {
  for (const version of ['3.5.30-k3s1', '3.5.30+dfsg', '3.5.30+dfsg-2']) {
    expect(compareVersions(version, '3.5.30')).toBe(0)
    expect(hasFeature(version, 'add-while-one-down')).toBe(true)
  }
})

test('a pre-release has what its series begins with, and lacks what a patch brought', () => {
  for (const version of ['3.6.0-alpha.0', '3.6.0-rc.2']) {
    expect(hasFeature(version, 'feature-gates')).toBe(true)
    expect(hasFeature(version, 'api-v2')).toBe(false)
    expect(hasFeature(version, 'add-while-one-down')).toBe(false)
    expect(featuresOf(version).defaultSnapshotCount).toBe(10_000)
  }
})

test('what is not a version is an input error', () => {
  for (const text of ['v3.5.16', '3.5', '', 'latest', '3.5.16-', '3.5.16 ']) {
    expect(() => featuresOf(text)).toThrow(InputError)
  }
})

test('a feature that was backported is in each series from its own patch on', () => {
  const versions = ['3.3.25', '3.4.28', '3.4.29', '3.5.10', '3.5.11', '3.6.0', '4.0.0']
  const having = versions.filter((version) => hasFeature(version, 'livez-readyz'))
  expect(having).toEqual(['3.4.29', '3.5.11', '3.6.0', '4.0.0'])
})

test('a feature of a newer series is not in an older one, whatever its patch', () => {
  expect(hasFeature('3.4.99', 'etcdutl')).toBe(false)
  expect(hasFeature('3.3.99', 'snapshot-bump-revision')).toBe(false)
})

test('what was removed is gone from that version on', () => {
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

test('the oldest versions differ where it matters', () => {
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

test('only 3.4 and older must be told to start on arm64', () => {
  expect(architectureEnvironment('3.4.23', 'arm64')).toEqual({ ETCD_UNSUPPORTED_ARCH: 'arm64' })
  expect(architectureEnvironment('3.4.23', 'amd64')).toEqual({})
  expect(architectureEnvironment('3.5.0', 'arm64')).toEqual({})
})

test('what 3.6 renamed is spelled as each version wants it', () => {
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

test('a feature gate that is added keeps those of the user, and goes over the same one', () => {
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
