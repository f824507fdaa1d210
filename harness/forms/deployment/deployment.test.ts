import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { memberConfiguration } from '../../config/member.ts'
import { InputError } from '../../core/errors.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { readDeployment } from './deployment.ts'
import { changesOf } from './deployment-changes.ts'
import { specOfDeployment, versionOfDeployment } from './deployment-spec.ts'
import { upgradeEffects } from './upgrade.ts'

const folder = join(import.meta.dirname, '../../../fixtures/deployments')
const fileOf = (path: string) => ({
  path: basename(path),
  text: readFileSync(join(folder, path), 'utf8'),
})
const deploymentOf = (...paths: string[]) => readDeployment(paths.map(fileOf))
const specOf = (...paths: string[]) =>
  specOfDeployment(deploymentOf(...paths), { architecture: 'amd64' })
const namesOf = ({ members }: ReturnType<typeof specOf>) =>
  typeof members === 'number' ? members : members?.map(({ name }) => name)

test.each([
  ['documents/single-node.sh', 'flags', ['etcd-node1'], 'none'],
  ['documents/single-node.yml', 'yaml', ['tmp-test'], 'none'],
  ['documents/parameters.conf', 'environment', ['m1'], 'mutual'],
  ['documents/static-pod.yaml', 'pod', ['m1'], 'mutual'],
  ['documents/inventory.ini', 'inventory', ['master-1', 'master-2', 'master-3'], 'mutual'],
  ['deployers/kubeadm-pod.yaml', 'pod', ['cp-1', 'cp-2', 'cp-3'], 'mutual'],
  ['deployers/kubeadm-config.yaml', 'kubeadm', ['m1'], 'mutual'],
  ['deployers/kubespray.env', 'environment', ['node1', 'node2', 'node3'], 'mutual'],
  ['deployers/k3s-etcd.yaml', 'yaml', ['server-1-2f6b1c'], 'mutual'],
  ['deployers/rke2-config.yaml', 'k3s', ['m1'], 'mutual'],
  ['deployers/talos.yaml', 'talos', ['m1'], 'mutual'],
  ['deployers/openshift-pod.yaml', 'pod', ['master-0'], 'mutual'],
  ['deployers/bitnami-values.yaml', 'helm', ['m1', 'm2', 'm3'], 'none'],
  ['deployers/beside-patroni.conf', 'environment', ['db1', 'db2', 'db3'], 'none'],
  ['deployers/compose.yaml', 'compose', ['etcd1', 'etcd2', 'etcd3'], 'none'],
  ['deployers/druid.yaml', 'druid', ['etcd-config'], 'none'],
])('%s is read as %s', (path, form, names, tls) => {
  expect(deploymentOf(path).forms).toEqual([form])
  const spec = specOf(path)
  expect(namesOf(spec)).toEqual(names)
  expect(spec.tls?.client).toBe(tls)
})

test('a file of nothing that etcd reads is named for what it is', () => {
  expect(() => deploymentOf('deployers/patroni.yml')).toThrow(/found Patroni's configuration/)
})

test('every deployment of the fixtures is tried by a test', () => {
  const source = readFileSync(import.meta.filename, 'utf8')
  const files = ['documents', 'deployers'].flatMap((part) =>
    readdirSync(join(folder, part)).map((name) => `${part}/${name}`),
  )
  expect(files.filter((file) => !source.includes(file))).toEqual([])
})

test('a unit takes its values from its environment file, also within a shell', () => {
  const single = deploymentOf('documents/single-node.service', 'documents/single-node.conf')
  expect(single.members).toHaveLength(1)
  expect(single.members[0].settings).toContainEqual(
    expect.objectContaining({ name: 'name', value: 'test', file: 'single-node.conf', line: 1 }),
  )
  const three = deploymentOf('documents/three-nodes.service', 'documents/three-nodes.conf')
  expect(three.members[0].settings).toContainEqual(
    expect.objectContaining({ name: 'name', value: 'k8s_master', door: 'flag' }),
  )
  // Its document sets each as a flag and as a variable: etcd exits for that from 3.4 on.
  expect(three.members[0].setTwice.map(({ setting }) => setting)).toContain('name')
  const effects = upgradeEffects(three.members[0], { from: '3.3.25', to: '3.5.16' })
  expect(effects).toContainEqual(
    expect.objectContaining({ setting: 'name', effect: 'ends-etcd', file: 'three-nodes.conf' }),
  )
  expect(upgradeEffects(three.members[0], { from: '3.3.25', to: '3.3.25' })).not.toContainEqual(
    expect.objectContaining({ effect: 'ends-etcd' }),
  )
})

test('what all services set is the cluster’s, what one sets is its own, and the last is in force', () => {
  const spec = specOf('deployers/compose.yaml')
  expect(spec.options).toEqual({
    'auto-compaction-mode': 'revision',
    'auto-compaction-retention': '1000',
  })
  expect(spec.members).toMatchObject([
    { name: 'etcd1', options: { 'quota-backend-bytes': '4294967296' } },
    { name: 'etcd2', options: { 'quota-backend-bytes': '4294967296' } },
    { name: 'etcd3', options: { 'quota-backend-bytes': '2147483648' } },
  ])
})

test('timings become those of the cluster, also those that a deployer sets itself', () => {
  expect(specOf('deployers/beside-patroni.conf')).toMatchObject({
    heartbeatIntervalMs: 1_000,
    electionTimeoutMs: 5_000,
    options: { 'initial-election-tick-advance': 'false' },
  })
  expect(specOf('deployers/rke2-config.yaml')).toMatchObject({
    heartbeatIntervalMs: 500,
    electionTimeoutMs: 5_000,
  })
})

test('a timing that begins with a zero is octal, as Go reads it', () => {
  const files = [{ path: 'a.sh', text: 'etcd --heartbeat-interval=0372 --election-timeout=0x9C4' }]
  const spec = specOfDeployment(readDeployment(files), { architecture: 'amd64' })
  expect(spec).toMatchObject({ heartbeatIntervalMs: 250, electionTimeoutMs: 2500 })
})

test('durations of a YAML file are the flags’ own', () => {
  expect(specOf('deployers/k3s-etcd.yaml').options).toMatchObject({
    'experimental-watch-progress-notify-interval': '5s',
  })
})

test('a configuration file replaces flags and variables', () => {
  const { members } = readDeployment([
    { path: 'etcd.sh', text: 'etcd --name=a --cors=x --config-file=/etc/etcd.yaml' },
    { path: 'etcd.yaml', text: 'name: b\nmax-wals: 7\n' },
  ])
  expect(members).toHaveLength(1)
  expect(members[0].settings.map(({ name, value }) => [name, value])).toEqual([
    ['name', 'b'],
    ['max-wals', '7'],
  ])
  expect(members[0].notUnderstood).toContainEqual(
    expect.objectContaining({ setting: 'cors', why: expect.stringContaining('reads a config') }),
  )
})

test('one file a member is as many members, and one file is a template of any number', () => {
  const environment = (name: string, quota: number) => ({
    path: `${name}.env`,
    text: `ETCD_NAME=${name}\nETCD_QUOTA_BACKEND_BYTES=${quota}\n`,
  })
  const two = readDeployment([environment('a', 1), environment('b', 2)])
  expect(specOfDeployment(two, { architecture: 'amd64' }).members).toEqual([
    { name: 'a', architecture: 'amd64', options: { 'quota-backend-bytes': '1' } },
    { name: 'b', architecture: 'amd64', options: { 'quota-backend-bytes': '2' } },
  ])
  expect(() => specOfDeployment(two, { architecture: 'amd64', members: 3 })).toThrow(InputError)
  const one = readDeployment([environment('a', 1)])
  expect(specOfDeployment(one, { architecture: 'amd64', members: 5 })).toMatchObject({
    members: ['m1', 'm2', 'm3', 'm4', 'm5'].map((name) => ({ name })),
    options: { 'quota-backend-bytes': '1' },
  })
})

test('the version is that of the image, whatever is put around it', () => {
  expect(versionOfDeployment(deploymentOf('documents/inventory.ini'))).toBe('3.5.16')
  expect(versionOfDeployment(deploymentOf('documents/static-pod.yaml'))).toBe('3.3.15')
  expect(versionOfDeployment(deploymentOf('deployers/talos.yaml'))).toBe('3.6.14')
  expect(versionOfDeployment(deploymentOf('deployers/bitnami-values.yaml'))).toBe('3.5.16')
  expect(versionOfDeployment(deploymentOf('documents/single-node.sh'))).toBeUndefined()
})

test('what runs in another way here is said with the reason, and nothing else is', () => {
  const deployment = deploymentOf('deployers/kubespray.env')
  const spec = clusterSpec({
    version: '3.5.16',
    ...specOfDeployment(deployment, { architecture: 'amd64' }),
  })
  const addresses = { node1: '10.0.0.1', node2: '10.0.0.2', node3: '10.0.0.3' }
  const running = [memberConfiguration(spec, { member: 'node1', addresses })]
  const changed = changesOf(deployment, { members: running, version: spec.version })
  expect(changed.map(({ setting }) => setting).toSorted()).toEqual([
    ...['advertise-client-urls', 'cert-file', 'data-dir', 'initial-advertise-peer-urls'],
    ...['initial-cluster', 'initial-cluster-state', 'initial-cluster-token', 'key-file'],
    ...['listen-client-urls', 'listen-metrics-urls', 'listen-peer-urls', 'peer-cert-file'],
    ...['peer-key-file', 'peer-trusted-ca-file', 'trusted-ca-file'],
  ])
  const kept = deployment.members[0].settings.filter(
    ({ name }) => !changed.some(({ setting }) => setting === name),
  )
  const values = new Map([
    ['proxy', 'off'],
    ...(running[0] ?? []).map(({ name, value }) => [name, value] as const),
  ])
  expect(kept.map(({ name, value }) => [name, value])).toEqual(
    kept.map(({ name }) => [name, values.get(name)]),
  )
})

test('an upgrade loses variables and keys in silence, and ends etcd for flags', () => {
  const effectsOf = (path: string, to: string) =>
    Object.fromEntries(
      upgradeEffects(deploymentOf(path).members[0], { from: '3.5.16', to }).map((row) => [
        row.setting,
        [row.effect, row.becomes],
      ]),
    )
  const kubespray = effectsOf('deployers/kubespray.env', '3.7.1')
  expect(kubespray).toMatchObject({
    'experimental-initial-corrupt-check': ['ignored', 'feature-gates=InitialCorruptCheck=true'],
    'experimental-watch-progress-notify-interval': ['ignored', 'watch-progress-notify-interval'],
    proxy: ['ignored', ''],
    'quota-backend-bytes': ['kept', ''],
    'discovery-fallback': ['default-changed', 'exit'],
  })
  expect(kubespray).not.toHaveProperty('snapshot-count', ['default-changed', '10000'])
  expect(effectsOf('deployers/kubeadm-pod.yaml', '3.7.1')).toMatchObject({
    'experimental-initial-corrupt-check': ['ends-etcd', 'feature-gates=InitialCorruptCheck=true'],
  })
  expect(effectsOf('deployers/kubeadm-pod.yaml', '3.6.14')).toMatchObject({
    'experimental-initial-corrupt-check': ['renamed', 'feature-gates=InitialCorruptCheck=true'],
    'cert-file': ['kept', ''],
  })
  expect(effectsOf('deployers/k3s-etcd.yaml', '3.7.1')).toMatchObject({
    'experimental-initial-corrupt-check': ['ignored', 'feature-gates=InitialCorruptCheck=true'],
    'client-cert-auth': ['kept', ''],
    'peer-trusted-ca-file': ['kept', ''],
  })
})

test('flags that every version accepts and ignores are said', () => {
  const { members } = readDeployment([{ path: 'a.sh', text: 'etcd --snapshot --name=a' }])
  expect(upgradeEffects(members[0], { from: '3.5.16', to: '3.5.16' })).toContainEqual(
    expect.objectContaining({ setting: 'snapshot', effect: 'ignored' }),
  )
})

const effectsOfFlags = (flags: string, to: string) =>
  Object.fromEntries(
    upgradeEffects(readDeployment([{ path: 'a.sh', text: `etcd ${flags}` }]).members[0], {
      from: to,
      to,
    }).map(({ setting, effect }) => [setting, effect]),
  )

test('a value that the version refuses ends etcd, and so do an option and its new name together', () => {
  expect(effectsOfFlags('--logger=capnslog', '3.4.23')).toEqual({ logger: 'kept' })
  expect(effectsOfFlags('--logger=capnslog', '3.5.16')).toEqual({ logger: 'ends-etcd' })
  expect(effectsOfFlags('--discovery-fallback=proxy', '3.6.14')).toEqual({
    'discovery-fallback': 'ends-etcd',
  })
  expect(effectsOfFlags('--feature-gates=PriorityRequest=true', '3.6.14')).toEqual({
    'feature-gates': 'ends-etcd',
  })
  expect(effectsOfFlags('--feature-gates=PriorityRequest=true', '3.7.1')).toEqual({
    'feature-gates': 'kept',
  })
  const both =
    '--feature-gates=InitialCorruptCheck=true --experimental-initial-corrupt-check --max-wals=5'
  expect(effectsOfFlags(both, '3.6.14')).toEqual({
    'feature-gates': 'kept',
    'experimental-initial-corrupt-check': 'ends-etcd',
    'max-wals': 'kept',
  })
})

test('what every version ignores is in the upgrade too, with the name that was meant', () => {
  const text = 'name: a\nhearbeat-interval: 200\ncert-file: /x\n'
  const { members } = readDeployment([{ path: 'a.yaml', text }])
  const effects = upgradeEffects(members[0], { from: '3.5.16', to: '3.5.16' })
  expect(effects.map(({ setting, effect, becomes }) => [setting, effect, becomes])).toEqual([
    ['name', 'kept', ''],
    ['hearbeat-interval', 'ignored', 'heartbeat-interval'],
    ['cert-file', 'ignored', 'client-transport-security.cert-file'],
  ])
})

test('a flag that etcd accepts and ignores is not understood, and says what may be meant', () => {
  const { members } = readDeployment([
    { path: 'a.sh', text: 'etcd --config=x --nosuch=1 --name=a' },
  ])
  expect(members[0].notUnderstood).toEqual([
    expect.objectContaining({
      setting: 'config',
      nearest: 'config-file',
      why: expect.stringContaining('every version of etcd accepts this flag and ignores it'),
    }),
    expect.objectContaining({ setting: 'nosuch' }),
  ])
})

const membersOf = (script: string) =>
  namesOf(
    specOfDeployment(readDeployment([{ path: 'a.sh', text: script }]), { architecture: 'amd64' }),
  )

test.each([
  ['$(list | tr " " ,)', 1],
  ['$PEERS,$NAME=http://$IP:2380', 1],
  ['`a x, y`', 1],
  ['$A,$B,$C', 3],
  ['a=http://$(ip a, b):2380,b=http://$IP:2380', 2],
])('of a list of members a part that nobody knows is of any length: %s', (list, count) => {
  expect(membersOf(`etcd --initial-cluster "${list}" --log-level info`)).toHaveLength(count)
})

test('what a command prints is arguments, without which nothing runs', () => {
  const text = 'etcd --name a $(tls_flags "$CA")\n'
  const { members } = readDeployment([{ path: 'a.sh', text }])
  const open = members[0].notUnderstood.filter(({ isUnresolved }) => isUnresolved)
  expect(open.map(({ setting }) => setting)).toEqual(['$(tls_flags "$CA")'])
})
