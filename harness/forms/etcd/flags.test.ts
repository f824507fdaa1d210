import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memberConfiguration } from '../../config/member.ts'
import { preset, presets } from '../../topology/presets.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { takesNoValue } from './boolean-flags.ts'
import { flags, flagsInForce, variableOf } from './flags.ts'

const optionName = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,3}$/)
const valued = optionName.filter((name) => !takesNoValue(name))
const boolean = fc.constantFrom('pre-vote', 'auto-tls', 'force-new-cluster', 'enable-pprof')
const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }))
const option = fc.oneof(
  fc.record({ name: valued, value: anyText }),
  fc.record({ name: boolean, value: fc.constantFrom('true', 'false') }),
)
const configuration = fc.uniqueArray(option, { selector: ({ name }) => name, maxLength: 12 })

test('any configuration is read back from the flags it is written as', () => {
  fc.assert(
    fc.property(configuration, (options) => {
      const reading = flags.read(flags.write(options))
      expect(reading.problems).toEqual([])
      expect(flagsInForce(reading)).toEqual(options)
    }),
  )
})

/** The same option in each way that Go's flag package takes it. */
const spelled = fc.oneof(
  fc
    .record({
      dash: fc.constantFrom('-', '--'),
      name: valued,
      value: anyText,
      joined: fc.boolean(),
    })
    .map(({ dash, name, value, joined }) => ({
      args: joined ? [`${dash}${name}=${value}`] : [`${dash}${name}`, value],
      setting: { name, value },
    })),
  fc.record({ dash: fc.constantFrom('-', '--'), name: boolean }).map(({ dash, name }) => ({
    args: [`${dash}${name}`],
    setting: { name, value: 'true' },
  })),
)

test('one dash or two, = or the next argument, or a boolean alone: the same settings', () => {
  fc.assert(
    fc.property(fc.array(spelled, { maxLength: 12 }), (parts) => {
      const { settings, problems } = flags.read(parts.flatMap(({ args }) => args))
      expect(problems).toEqual([])
      expect(settings.map(({ name, value }) => ({ name, value }))).toEqual(
        parts.map(({ setting }) => setting),
      )
    }),
  )
})

test('a setting carries the number of the argument that names it', () => {
  const { settings } = flags.read(['--name', 'm1', '--pre-vote', '-cors=*'])
  expect(settings).toEqual([
    { name: 'name', value: 'm1', line: 1 },
    { name: 'pre-vote', value: 'true', line: 3 },
    { name: 'cors', value: '*', line: 4 },
  ])
})

test('of a flag that repeats, the last is in force', () => {
  const reading = flags.read(['--name=a', '--cors=x', '-name', 'b'])
  expect(reading.settings).toHaveLength(3)
  expect(flagsInForce(reading)).toEqual([
    { name: 'name', value: 'b' },
    { name: 'cors', value: 'x' },
  ])
})

/** Each was tried on etcd 3.5.16, which exits with the message beside it. */
const malformed: readonly [args: readonly string[], line: number, expected: RegExp, of: string][] =
  [
    [['--pre-vote', 'false'], 2, /a flag such as/, "'false' is not a valid flag"],
    [['--config', '/etc/etcd.yaml'], 2, /a flag such as/, "'/etc/etcd.yaml' is not a valid flag"],
    [['--max-retry-attempts', '3'], 2, /a flag such as/, "'3' is not a valid flag"],
    [['etcd', '--name=a'], 1, /a flag such as/, "'etcd' is not a valid flag"],
    [['-', '--name=a'], 1, /a flag such as/, "'-' is not a valid flag"],
    [['--', '--name=a'], 1, /a flag such as/, "'--name=a' is not a valid flag"],
    [['---name=x'], 1, /a flag such as/, 'bad flag syntax: ---name=x'],
    [['--=x'], 1, /a flag such as/, 'bad flag syntax: --=x'],
    [['--cors=x', '--name'], 2, /a value of --name/, 'flag needs an argument: -name'],
    [['--pre-vote=maybe'], 1, /true or false for --pre-vote/, 'invalid boolean value "maybe"'],
  ]

test.each(malformed)('%j is one problem, at argument %i', (args, line, expected) => {
  const { problems } = flags.read(args)
  expect(problems).toEqual([expect.objectContaining({ line })])
  expect(problems[0]?.expected).toMatch(expected)
})

test('reading stops at an argument that is no flag, as etcd stops', () => {
  expect(flags.read(['--name=a', 'stray', '--cors=x']).settings).toEqual([
    { name: 'name', value: 'a', line: 1 },
  ])
  expect(flags.read(['--name=a', '--']).problems).toEqual([])
})

test('the next argument is the value, whatever it looks like', () => {
  const { settings } = flags.read(['--name', '--version'])
  expect(settings).toEqual([{ name: 'name', value: '--version', line: 1 }])
})

test('every preset is read back from its own command line', () => {
  for (const name of Object.keys(presets)) {
    const spec = preset(name, {
      version: '3.5.16',
      options: { 'pre-vote': 'false', cors: 'a b="c"' },
    })
    const addresses = Object.fromEntries(spec.members.map((one, n) => [one.name, `10.0.0.${n}`]))
    const written = memberConfiguration(spec, { member: 'm1', addresses })
    expect(flagsInForce(flags.read(flags.write(written)))).toEqual(written)
  }
})

test('the command line of the default cluster stays as it is', () => {
  const addresses = { m1: '10.1.0.2', m2: '10.1.0.3', m3: '10.1.0.4' }
  const spec = sampleSpec({ version: '3.4.23', options: { 'quota-backend-bytes': '8388608' } })
  expect(
    flags.write(memberConfiguration(spec, { member: 'm1', addresses })),
  ).toMatchInlineSnapshot(`
    [
      "--name=m1",
      "--data-dir=/var/lib/etcd/default.etcd",
      "--listen-client-urls=https://0.0.0.0:2379",
      "--advertise-client-urls=https://10.1.0.2:2379",
      "--listen-peer-urls=https://0.0.0.0:2380",
      "--initial-advertise-peer-urls=https://10.1.0.2:2380",
      "--listen-metrics-urls=http://0.0.0.0:2381",
      "--initial-cluster=m1=https://10.1.0.2:2380,m2=https://10.1.0.3:2380,m3=https://10.1.0.4:2380",
      "--initial-cluster-token=gauntlet",
      "--initial-cluster-state=new",
      "--cert-file=/etc/etcd/pki/etcd-server.pem",
      "--key-file=/etc/etcd/pki/etcd-server-key.pem",
      "--client-cert-auth=true",
      "--trusted-ca-file=/etc/etcd/pki/ca.pem",
      "--peer-cert-file=/etc/etcd/pki/etcd-peer.pem",
      "--peer-key-file=/etc/etcd/pki/etcd-peer-key.pem",
      "--peer-client-cert-auth=true",
      "--peer-trusted-ca-file=/etc/etcd/pki/ca.pem",
      "--heartbeat-interval=100",
      "--election-timeout=1000",
      "--logger=zap",
      "--log-outputs=stderr",
      "--quota-backend-bytes=8388608",
    ]
  `)
})

test("a flag's variable is its name in capitals", () => {
  expect(variableOf('quota-backend-bytes')).toBe('ETCD_QUOTA_BACKEND_BYTES')
  expect(variableOf('cacert', 'ETCDCTL')).toBe('ETCDCTL_CACERT')
})
