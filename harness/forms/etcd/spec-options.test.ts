import { expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import { readFlagOptions } from './spec-options.ts'

test('flags become options of the spec, and the two timings its fields', () => {
  const args = [
    'quota-backend-bytes=8388608',
    '--heartbeat-interval=50',
    '-cors=*',
    'log-outputs=a=b',
  ]
  expect(
    readFlagOptions([...args, 'election-timeout=500', 'initial-election-tick-advance=false']),
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
  expect(() => readFlagOptions(args)).toThrow(InputError)
  expect(() => readFlagOptions(args)).toThrow(message)
})
