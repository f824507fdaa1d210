import { expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { parseOptions } from './options.ts'
import { clusterSpec, preset, presets } from './presets.ts'
import { problemsOf, validateSpec } from './validate.ts'

test('every preset is a valid cluster', () => {
  for (const name of Object.keys(presets)) expect(validateSpec(preset(name))).toEqual([])
})

test('the default cluster has three members with mutual TLS and etcd’s own timings', () => {
  const spec = clusterSpec()
  expect(spec.members.map(({ name }) => name)).toEqual(['m1', 'm2', 'm3'])
  expect(spec.tls).toEqual({ client: 'mutual', peer: 'mutual', key: 'rsa-2048' })
  expect(spec).toMatchObject({ heartbeatIntervalMs: 100, electionTimeoutMs: 1_000 })
})

test('an override of one part of TLS or the ports keeps the others', () => {
  const spec = preset('three-ecdsa', { tls: { client: 'server' }, ports: { metrics: 9_000 } })
  expect(spec.tls).toEqual({ client: 'server', peer: 'mutual', key: 'ecdsa-p256' })
  expect(spec.ports).toEqual({ client: 2379, peer: 2380, metrics: 9_000 })
})

test('an unknown preset lists the known ones', () => {
  expect(() => preset('toString')).toThrow(/one of one, .*seven-mtls.*got `toString`/)
})

test('an even number of members works only when asked for, with a warning', () => {
  const even = clusterSpec({ members: 4 })
  expect(() => validateSpec(even)).toThrow(
    'Expected `members` to be an odd number from 1 to 7, got 4',
  )
  expect(validateSpec(even, { allowEven: true })).toEqual([
    '4 members tolerate the loss of 1, no more than 3 members do, and need one more vote for every write',
  ])
})

const wrong: readonly [string, Parameters<typeof clusterSpec>[0], RegExp][] = [
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
  ['one port twice', { ports: { peer: 2379 } }, /three different ports, got "2379, 2379, 2381"/],
  ['a port that is none', { ports: { peer: 70_000 } }, /`ports.peer` to be a port/],
  ['an option with dashes in front', { options: { '--quota': '1' } }, /by name .* got "--quota"/],
  ['an option of Gauntlet', { options: { 'data-dir': '/x' } }, /`options.data-dir` to be left/],
  [
    'a timing as an option',
    { options: { 'election-timeout': '1' } },
    /`electionTimeoutMs` instead/,
  ],
  ['a value of two lines', { options: { cors: 'a\nb' } }, /a string of one line/],
]

test.each(wrong)('%s is refused', (_, overrides, message) => {
  const problems = problemsOf(clusterSpec(overrides))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(message)
})

test('two members of one name are refused', () => {
  const members = ['m1', 'm1', 'm2'].map((name) => ({ name, architecture: 'amd64' as const }))
  expect(problemsOf(clusterSpec({ members }))).toEqual([
    'Expected `members[1].name` to be unique, got "m1"',
  ])
})

test('flags become options, and the two timings fields of the spec', () => {
  const args = [
    'quota-backend-bytes=8388608',
    '--heartbeat-interval=50',
    '-cors=*',
    'log-outputs=a=b',
  ]
  expect(
    parseOptions([...args, 'election-timeout=500', 'initial-election-tick-advance=false']),
  ).toEqual({
    options: {
      'quota-backend-bytes': '8388608',
      cors: '*',
      'log-outputs': 'a=b',
      'initial-election-tick-advance': 'false',
    },
    heartbeatIntervalMs: 50,
    electionTimeoutMs: 500,
  })
})

const refusedFlags: readonly [string, readonly string[], RegExp][] = [
  ['a flag without a value', ['pre-vote'], /`--flag` to be name=value, got `pre-vote`/],
  ['a name that is no flag', ['Quota=1'], /an etcd flag such as quota-backend-bytes, got `Quota`/],
  ['a name with an underscore', ['quota_backend_bytes=1'], /an etcd flag/],
  ['the same flag twice', ['cors=a', '--cors=b'], /`--flag cors` once/],
  ['a listen URL', ['listen-client-urls=x'], /leave listen-client-urls to Gauntlet: it follows/],
  ['the initial cluster', ['initial-cluster=x'], /leave initial-cluster/],
  ['a certificate', ['peer-cert-file=x'], /issues the certificates/],
  ['the data directory', ['data-dir=x'], /a volume that scenarios wipe/],
  [
    'a heartbeat with a unit',
    ['heartbeat-interval=100ms'],
    /whole number of milliseconds, got `100ms`/,
  ],
  ['a value of two lines', ['cors=a\nb'], /one line, got several/],
]

test.each(refusedFlags)('%s is refused', (_, args, message) => {
  expect(() => parseOptions(args)).toThrow(InputError)
  expect(() => parseOptions(args)).toThrow(message)
})
