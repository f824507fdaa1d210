import { expect, test } from 'vitest'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { withKeyDirectories } from '../certificates.ts'
import { containerPlan } from './container-plan.ts'
import { type MemberSettings, mergeSettings } from './settings.ts'

const spec = sampleSpec({ options: { 'snapshot-count': '1000' } })

function planOf(settings: MemberSettings, of = spec, failpoints?: readonly string[]) {
  return containerPlan({
    plan: {
      spec: of,
      runId: 'r',
      image: { amd64: 'etcd:a' },
      ...(failpoints && { failpoints }),
    },
    home: {
      name: 'm1',
      architecture: 'amd64',
      address: '10.9.8.11',
      addresses: { m1: '10.9.8.11', m2: '10.9.8.12', m3: '10.9.8.13' },
      network: 'net',
      clientPort: 20_001,
      metricsPort: 20_002,
      clientHttpPort: 20_003,
      ...(failpoints && { failpointsPort: 20_004 }),
    },
    settings,
    volume: 'v',
    containerName: 'c',
    files: [],
  })
}

test("a member's options go over the spec's, and null removes one", () => {
  const { command } = planOf({ options: { 'max-txn-ops': '8', 'snapshot-count': null } })
  expect(command).toContain('--max-txn-ops=8')
  expect(command.some((flag) => flag.startsWith('--snapshot-count'))).toBe(false)
  expect(planOf({}).command).toContain('--snapshot-count=1000')
})

test("settings go over the options that the spec's member has of its own", () => {
  const options = { 'snapshot-count': '7', cors: '*' }
  const own = sampleSpec({ members: [{ name: 'm1', architecture: 'amd64', options }] })
  const { command } = planOf({ options: { 'snapshot-count': '9' } }, own)
  expect(command).toEqual(expect.arrayContaining(['--snapshot-count=9', '--cors=*']))
  expect(command).not.toContain('--snapshot-count=7')
})

test("the port of the clients' HTTP is published where there is one", () => {
  const separate = sampleSpec({ ports: { clientHttp: 2382 } })
  expect(planOf({}, separate).ports).toContainEqual({ container: 2382, host: 20_003 })
  expect(planOf({}).ports).toHaveLength(2)
})

test('failpoints are on and counted where the plan has some, and only there', () => {
  const { environment, ports } = planOf({}, spec, ['beforeCommit', 'afterCommit'])
  expect(environment).toEqual({
    GOFAIL_HTTP: '0.0.0.0:22381',
    GOFAIL_FAILPOINTS: 'beforeCommit=off;afterCommit=off',
  })
  expect(ports).toContainEqual({ container: 22_381, host: 20_004 })
  expect(planOf({}).environment).toEqual({})
})

test('extra flags come last and are taken literally', () => {
  const { command } = planOf({ extraFlags: ['--name=other'], initialClusterState: 'existing' })
  expect(command.at(-1)).toBe('--name=other')
  expect(command).toContain('--initial-cluster-state=existing')
})

test('a variable of the image that a flag sets too is removed, and no other', () => {
  const { unset, command } = planOf({ extraFlags: ['--max-txn-ops=8'] })
  expect(unset).toEqual(
    expect.arrayContaining([
      'ETCD_NAME',
      'ETCD_MAX_TXN_OPS',
      'ETCDCTL_ENDPOINTS',
      'ETCDCTL_CACERT',
    ]),
  )
  expect(unset).toHaveLength(command.length + 4)
})

test('the volume is where the data directory lies, unless the data is in memory', () => {
  expect(planOf({}).volumes).toEqual([{ volume: 'v', target: '/var/lib/etcd' }])
  const elsewhere = planOf({ options: { 'data-dir': '/data/etcd/here' } })
  expect(elsewhere.volumes).toEqual([{ volume: 'v', target: '/data/etcd' }])
  const inMemory = planOf({ resources: { dataTmpfsBytes: 7, cpus: 0.5 } })
  expect(inMemory.volumes).toEqual([])
  expect(inMemory.resources).toEqual({
    cpus: 0.5,
    tmpfs: { target: '/var/lib/etcd', sizeBytes: 7 },
  })
})

test('an architecture without an image is an error that names it', () => {
  expect(() =>
    containerPlan({
      plan: { spec, runId: 'r', image: { arm64: 'etcd:b' } },
      home: { ...homeless, architecture: 'amd64' },
      settings: {},
      volume: 'v',
      containerName: 'c',
      files: [],
    }),
  ).toThrow('Expected an etcd image for amd64, got none')
})

test('later settings add options and replace the rest', () => {
  const merged = mergeSettings(
    { options: { a: '1', b: '2' }, image: 'old' },
    { options: { b: null }, image: 'new' },
  )
  expect(merged).toMatchObject({ options: { a: '1', b: null }, image: 'new' })
})

test('the directory of a private key is closed to others', () => {
  const files = [
    { path: '/etc/etcd/pki/ca.pem', content: 'c', mode: 0o644 },
    { path: '/etc/etcd/pki/key.pem', content: 'k', mode: 0o600 },
  ]
  expect(withKeyDirectories(files)[0]).toEqual({ path: '/etc/etcd/pki', mode: 0o700 })
})

const homeless = {
  name: 'm1',
  address: '10.9.8.11',
  addresses: { m1: '10.9.8.11', m2: '10.9.8.12', m3: '10.9.8.13' },
  network: 'net',
  clientPort: 1,
  metricsPort: 2,
}
