import { expect, test } from 'vitest'
import { presentPresetName, preset, presets } from './presets.ts'
import { sampleSpec } from './testing/sample-spec.ts'
import { problemsOf, validateSpec } from './validate.ts'

const version = '3.5.16'

test('every preset is a valid cluster', () => {
  for (const name of Object.keys(presets))
    expect(validateSpec(preset(name, { version }))).toEqual([])
})

test('the default cluster has three members with mutual TLS and etcd’s own timings', () => {
  const spec = sampleSpec()
  expect(spec.members.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3'])
  expect(spec.tls).toEqual({ client: 'mutual', peer: 'mutual', key: 'rsa-2048' })
  expect(spec).toMatchObject({ heartbeatIntervalMs: 100, electionTimeoutMs: 1_000 })
})

test('an override of one part of TLS or the ports keeps the others', () => {
  const spec = preset('three-ecdsa', {
    version,
    tls: { client: 'server' },
    ports: { metrics: 9_000 },
  })
  expect(spec.tls).toEqual({ client: 'server', peer: 'mutual', key: 'ecdsa-p256' })
  expect(spec.ports).toEqual({ client: 2379, peer: 2380, metrics: 9_000 })
})

test('a preset of an earlier release is the one with its present name', () => {
  expect(presentPresetName('three-plain')).toBe('three-no-tls')
  expect(preset('three-plain', { version })).toEqual(preset('three-no-tls', { version }))
  expect(presentPresetName('toString')).toBe('toString')
})

test('an unknown preset lists the known ones', () => {
  expect(() => preset('toString', { version })).toThrow(/one of one, .*seven-mtls.*got `toString`/)
})

test('an even number of members works only when asked for, with a warning', () => {
  const even = sampleSpec({ members: 4 })
  expect(() => validateSpec(even)).toThrow(
    'Expected `members` to be an odd number from 1 to 7, got 4',
  )
  expect(validateSpec(even, { allowEven: true })).toEqual([
    '4 members tolerate the loss of 1, no more than 3 members do, and need one more vote for every write',
  ])
})

const wrong: readonly [string, Parameters<typeof sampleSpec>[0], RegExp][] = [
  ['no members', { members: 0 }, /`members` to be from 1 to 7, got 0/],
  ['nine members', { members: 9 }, /`members` to be from 1 to 7, got 9/],
  [
    'a name with a space',
    { members: [{ name: 'a b', architecture: 'amd64' }] },
    /members\[0\].name/,
  ],
  ['a cluster name with a dot', { name: 'a.b' }, /`name` to be a DNS label/],
  ['a version with a v', { version: 'v3.5.16' }, /without a leading v, got "v3.5.16"/],
  ['an election of four heartbeats', { electionTimeoutMs: 400 }, /from 500 \(five heartbeats\)/],
  ['an election of a minute', { electionTimeoutMs: 60_000 }, /to 50000, got 60000/],
  ['a heartbeat of nothing', { heartbeatIntervalMs: 0 }, /`heartbeatIntervalMs`/],
  ['one port twice', { ports: { peer: 2379 } }, /to be different ports, got "2379, 2379, 2381"/],
  ['a port that is none', { ports: { peer: 70_000 } }, /`ports.peer` to be a port/],
  ['an option with dashes in front', { options: { '--quota': '1' } }, /by name .* got "--quota"/],
  ['an option of Gauntlet', { options: { 'data-dir': '/x' } }, /`options.data-dir` to be left/],
  [
    'a timing as an option',
    { options: { 'election-timeout': '1' } },
    /`electionTimeoutMs` instead/,
  ],
  [
    'a host that is not let in, of one member',
    { members: [{ name: 'm1', architecture: 'amd64', options: { 'host-whitelist': 'a' } }] },
    /`members\[0\].options.host-whitelist` to allow 127.0.0.1/,
  ],
  [
    'an election of one member below five heartbeats of all',
    { members: [{ name: 'm1', architecture: 'amd64', options: { 'election-timeout': '400' } }] },
    /`members\[0\].options.election-timeout` to be from 500 .* got 400/,
  ],
  ['a door that there is none of', { door: 'window' as 'gateway' }, /one of gateway, grpc-proxy/],
  [
    'a proxy of a version without one',
    { version: '3.0.17', door: 'grpc-proxy' },
    /`door` to be one that etcd 3.0.17 has, got grpc-proxy/,
  ],
  [
    'a proxy that ends TLS where certificates name the users',
    { door: 'grpc-proxy', auth: { by: 'certificate', token: 'simple' } },
    /`door` to pass clients’ certificates on, .* got grpc-proxy/,
  ],
  ['logs of warnings alone', { options: { 'log-level': 'warn' } }, /to be info or debug/],
  [
    'logs that are no JSON',
    { options: { 'log-format': 'console' } },
    /`options.log-format` to be json/,
  ],
  [
    'logs elsewhere',
    { options: { 'log-outputs': '/tmp/x' } },
    /`options.log-outputs` to have stderr/,
  ],
  [
    'clients that may ping seldom',
    { options: { 'grpc-keepalive-min-time': '1m' } },
    /`options.grpc-keepalive-min-time` to be 6s or less/,
  ],
  [
    'a revocation list of another authority',
    { options: { 'client-crl-file': '/x' } },
    /`options.client-crl-file` to be left to Gauntlet: it revokes/,
  ],
  [
    'a connection without room for a watch',
    { options: { 'max-concurrent-streams': '1' } },
    /`options.max-concurrent-streams` to be 100 or more, .*, got "1"/,
  ],
  [
    'ciphers for other keys, up to TLS 1.2',
    {
      options: {
        'cipher-suites': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
        'tls-max-version': 'TLS1.2',
      },
    },
    /`options.cipher-suites` to have a suite of RSA, because the cluster's keys are rsa-2048, got/,
  ],
  ['a value of two lines', { options: { cors: 'a\nb' } }, /a string of one line/],
]

test.each(wrong)('%s is refused', (_, overrides, message) => {
  const problems = problemsOf(sampleSpec(overrides))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(message)
})

test('ciphers that TLS 1.3 does not use, or that fit the keys, are the choice of the user', () => {
  const suites = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'
  const [ecdsa = '', rsa = ''] = suites.split(',')
  const problems = (options: Record<string, string>) => problemsOf(sampleSpec({ options }))
  expect(problems({ 'cipher-suites': ecdsa })).toEqual([])
  expect(problems({ 'cipher-suites': rsa, 'tls-max-version': 'TLS1.2' })).toEqual([])
  expect(problems({ 'cipher-suites': suites, 'tls-max-version': 'TLS1.2' })).toEqual([])
})

test('two members of one name are refused', () => {
  const members = ['m1', 'm1', 'm2'].map((name) => ({ name, architecture: 'amd64' as const }))
  expect(problemsOf(sampleSpec({ members }))).toEqual([
    'Expected `members[1].name` to be unique, got "m1"',
  ])
})
