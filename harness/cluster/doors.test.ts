import { expect, test } from 'vitest'
import { noTls } from '../topology/presets.ts'
import { sampleSpec } from '../topology/testing/sample-spec.ts'
import { doorArguments } from './doors.ts'

const members = [{ address: '10.0.0.12' }, { address: '10.0.0.11' }]

test('a gateway gets addresses alone, whatever TLS the members have', () => {
  expect(doorArguments(sampleSpec({ door: 'gateway' }), members)).toEqual([
    'gateway',
    'start',
    '--endpoints=10.0.0.12:2379,10.0.0.11:2379',
    '--listen-addr=0.0.0.0:2379',
    '--retry-delay=1s',
  ])
})

test.each([
  ['none', []],
  ['server', ['--cacert', '--cert', '--key', '--cert-file', '--key-file']],
  ['mutual', ['--cacert', '--cert', '--key', '--cert-file', '--key-file', '--trusted-ca-file']],
] as const)('with TLS mode %s a proxy gets the files that it needs for it', (client, files) => {
  const tls = client === 'none' ? noTls : { client }
  const [, , endpoints, , , most, ...rest] = doorArguments(
    sampleSpec({ door: 'grpc-proxy', tls }),
    members,
  )
  const scheme = client === 'none' ? 'http' : 'https'
  expect(endpoints).toBe(`--endpoints=${scheme}://10.0.0.12:2379,${scheme}://10.0.0.11:2379`)
  expect(most).toBe('--max-send-bytes=2097152')
  expect(rest.map((option) => option.split('=')[0])).toEqual(files)
})
