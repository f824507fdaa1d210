import { expect, test } from 'vitest'
import { preset } from '../topology/presets.ts'
import { sampleSpec } from '../topology/testing/sample-spec.ts'
import { memberConfiguration } from './member.ts'

const addresses = { m1: '10.1.0.2', m2: '10.1.0.3', m3: '10.1.0.4' }
const optionsOf = (
  spec = sampleSpec(),
  extra: Partial<Parameters<typeof memberConfiguration>[1]> = {},
) =>
  Object.fromEntries(
    memberConfiguration(spec, { member: 'm2', addresses, ...extra }).map(({ name, value }) => [
      name,
      value,
    ]),
  )

test('a member listens everywhere and advertises its own address', () => {
  expect(optionsOf()).toMatchObject({
    name: 'm2',
    'listen-client-urls': 'https://0.0.0.0:2379',
    'advertise-client-urls': 'https://10.1.0.3:2379',
    'listen-peer-urls': 'https://0.0.0.0:2380',
    'initial-advertise-peer-urls': 'https://10.1.0.3:2380',
    'listen-metrics-urls': 'http://0.0.0.0:2381',
    'initial-cluster': 'm1=https://10.1.0.2:2380,m2=https://10.1.0.3:2380,m3=https://10.1.0.4:2380',
    'initial-cluster-token': 'gauntlet',
    'initial-cluster-state': 'new',
    'heartbeat-interval': '100',
    'election-timeout': '1000',
  })
})

test('a member that joins has the options of the first one', () => {
  const options = { cors: 'first' }
  const members = [{ name: 'm1', architecture: 'amd64', options } as const]
  const joining = { member: 'm9', addresses: { ...addresses, m9: '10.1.0.9' } }
  expect(optionsOf(sampleSpec({ members }), joining)).toMatchObject({ name: 'm9', cors: 'first' })
})

test('clients have HTTP on a port of its own and a unix socket where the user has them', () => {
  const spec = sampleSpec({ ports: { clientHttp: 2382 }, clientSocket: 'unixs' })
  expect(optionsOf(spec)).toMatchObject({
    'listen-client-urls': 'https://0.0.0.0:2379,unixs:///var/lib/etcd/client.sock',
    'listen-client-http-urls': 'https://0.0.0.0:2382',
    'advertise-client-urls': 'https://10.1.0.3:2379',
  })
  expect(optionsOf()).not.toHaveProperty('listen-client-http-urls')
})

test('without TLS there is no certificate and every URL is http', () => {
  const flags = optionsOf(preset('three-no-tls', { version: '3.5.16' }))
  expect(Object.keys(flags).filter((name) => /cert|key|ca-file/.test(name))).toEqual([])
  expect(Object.values(flags).filter((value) => value.includes('https'))).toEqual([])
})

test('with server TLS alone, etcd requires no client certificate', () => {
  const flags = optionsOf(sampleSpec({ tls: { client: 'server' } }))
  expect(flags).toMatchObject({ 'cert-file': '/etc/etcd/pki/etcd-server.pem' })
  expect(flags).not.toHaveProperty('client-cert-auth')
  expect(flags).toMatchObject({ 'peer-client-cert-auth': 'true' })
})

test('with client certificates the JSON gateway has one of its own, where the flag exists', () => {
  expect(optionsOf()).toMatchObject({
    'client-cert-auth': 'true',
    'trusted-ca-file': '/etc/etcd/pki/ca.pem',
    'client-cert-file': '/etc/etcd/pki/etcd-peer.pem',
  })
  expect(optionsOf(sampleSpec({ version: '3.4.23' }))).not.toHaveProperty('client-cert-file')
})

test('kubeadm’s layout has kubeadm’s paths', () => {
  const flags = optionsOf(sampleSpec(), { layout: 'kubeadm' })
  expect(flags).toMatchObject({
    'cert-file': '/etc/kubernetes/pki/etcd/server.crt',
    'peer-key-file': '/etc/kubernetes/pki/etcd/peer.key',
    'trusted-ca-file': '/etc/kubernetes/pki/etcd/ca.crt',
  })
})

test('only 3.4 gets options for JSON logs, and the user may override them', () => {
  expect(optionsOf(sampleSpec({ version: '3.4.23' }))).toMatchObject({ logger: 'zap' })
  for (const version of ['3.3.25', '3.5.16', '3.6.4', '3.7.0']) {
    expect(optionsOf(sampleSpec({ version }))).not.toHaveProperty('logger')
  }
  const options = { logger: 'capnslog', 'pre-vote': 'true' }
  const configuration = memberConfiguration(sampleSpec({ version: '3.4.23', options }), {
    member: 'm1',
    addresses,
  })
  expect(configuration.filter(({ name }) => name === 'logger')).toEqual([
    { name: 'logger', value: 'capnslog' },
  ])
  expect(configuration.at(-1)).toEqual({ name: 'pre-vote', value: 'true' })
})

test('a member that joins gets the cluster that it joins', () => {
  const flags = optionsOf(sampleSpec(), {
    initialClusterState: 'existing',
    initialCluster: { m1: '10.1.0.2', m2: '10.1.0.3' },
  })
  expect(flags).toMatchObject({
    'initial-cluster': 'm1=https://10.1.0.2:2380,m2=https://10.1.0.3:2380',
    'initial-cluster-state': 'existing',
  })
})

test('an IPv6 address gets its brackets', () => {
  const flags = optionsOf(sampleSpec(), { addresses: { ...addresses, m2: 'fd00::2' } })
  expect(flags['advertise-client-urls']).toBe('https://[fd00::2]:2379')
})
