import type { FileForm, FileReading, GivenSetting } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { joinGiven } from '../given.ts'
import { entryOf, itemsAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { withDeployers } from './deployer-settings.ts'
import { argumentsOf, flagsIn, givenArguments, kindProblem } from './extra-arguments.ts'
import { forDeployer } from './for-deployer.ts'

/**
 * The configuration of k0s, by itself, in that of k0sctl, or in a control plane of k0smotron:
 * `spec.storage.etcd` with its extra arguments, beside what k0s gives its etcd itself.
 */
export const k0sConfig: FileForm = {
  name: 'k0s',
  title: 'the configuration of a cluster of k0s',
  recognises: ({ documents = [] }) => documents.some((one) => clusterOf(one) !== undefined),
  read: ({ documents = [] }) => {
    const [cluster] = documents.flatMap((one) => clusterOf(one) ?? [])
    const problem = cluster && withoutEtcd(cluster)
    if (cluster === undefined || problem !== undefined) {
      return { members: [], problems: problem === undefined ? [] : [problem] }
    }
    return readCluster(cluster)
  },
}

interface Cluster {
  /** The `spec` of the configuration, where there is one. */
  readonly spec: YamlValue | undefined
  readonly line: number
  readonly count?: number
  /** k0s replaces etcd by a database of its own, unless the file says otherwise. */
  readonly isSingle?: true
}

function clusterOf(document: YamlValue): Cluster | undefined {
  const [version = '', kind = ''] = ['apiVersion', 'kind'].map((key) => textAt(document, key))
  const { line } = document
  const isPlain = /^k0s\.k0sproject\.io\//.test(version) && /^Cluster(Config)?$/.test(kind)
  const spec = valueAt(document, 'spec')
  if (isPlain || valueAt(spec, 'storage', 'etcd') !== undefined) return { spec, line }
  if (/^k0sctl\.k0sproject\.io\//.test(version)) return ofK0sctl(spec, line)
  const inner = valueAt(spec, 'k0sConfigSpec') ?? valueAt(spec, 'template', 'spec', 'k0sConfigSpec')
  if (!kind.startsWith('K0sControlPlane') || inner === undefined) return undefined
  const count = Number(textAt(spec, 'replicas') ?? 0)
  return { spec: valueAt(inner, 'k0s', 'spec'), line, ...(count > 0 && { count }) }
}

function ofK0sctl(spec: YamlValue | undefined, line: number): Cluster {
  const roles = itemsAt(spec, 'hosts').map((host) => textAt(host, 'role') ?? '')
  const count = roles.filter((role) => role.startsWith('controller')).length
  return {
    spec: valueAt(spec, 'k0s', 'config', 'spec'),
    line,
    ...(count > 0 && { count }),
    ...(roles.includes('single') && { isSingle: true as const }),
  }
}

/** Why a cluster of k0s has no etcd of its own. */
function withoutEtcd({ spec, line, isSingle }: Cluster): Problem | undefined {
  const expected = 'an etcd that k0s runs'
  const type = entryOf(valueAt(spec, 'storage'), 'type')
  const text = textAt(spec, 'storage', 'type')
  if (type !== undefined && text !== undefined && text !== 'etcd') {
    return { line: type.line, expected, found: `storage.type ${text}` }
  }
  if (isSingle && type === undefined) {
    return { line, expected, found: 'a host with the role single, for which k0s runs no etcd' }
  }
  const external = entryOf(valueAt(spec, 'storage', 'etcd'), 'externalCluster')
  if (external?.value.kind !== 'map') return undefined
  const found = 'storage.etcd.externalCluster, which says where an etcd is'
  return { line: external.line, expected, found }
}

function readCluster({ spec, line, count }: Cluster): FileReading {
  const etcd = valueAt(spec, 'storage', 'etcd')
  const [extra, raw] = [valueAt(etcd, 'extraArgs'), valueAt(etcd, 'rawArgs')]
  const given = joinGiven(givenArguments(argumentsOf(extra)), givenArguments(flagsIn(raw)))
  const own = withDeployers([...peerUrls(etcd), ...given.settings], {
    by: 'k0s',
    door: 'flag',
    settings: ownSettings(given.settings),
    line: entryOf(valueAt(spec, 'storage'), 'etcd')?.line ?? line,
  })
  const read = ['extraArgs', 'rawArgs', 'peerAddress', 'externalCluster']
  const member = {
    label: '',
    settings: own,
    notUnderstood: [...given.notUnderstood, ...forDeployer(etcd, { read, by: 'k0s' })],
    hasTls: true as const,
    ...(count !== undefined && { count }),
  }
  const problems = [
    ...kindProblem(extra, { key: 'extraArgs', kind: 'map' }),
    ...kindProblem(raw, { key: 'rawArgs', kind: 'list' }),
    ...given.problems,
  ]
  return { members: [member], problems }
}

function peerUrls(etcd: YamlValue | undefined): GivenSetting[] {
  const address = valueAt(etcd, 'peerAddress')
  if (address?.kind !== 'scalar' || address.text === '') return []
  const host = address.text.includes(':') ? `[${address.text}]` : address.text
  return ['listen-peer-urls', 'initial-advertise-peer-urls'].map((name) => ({
    name,
    value: `https://${host}:2380`,
    line: address.line,
    door: 'flag',
  }))
}

/** k0s leaves out its cipher suites where TLS 1.3 is the least, with which etcd takes none. */
function ownSettings(given: readonly GivenSetting[]): Readonly<Record<string, string>> {
  const least = given.findLast(({ name }) => name === 'tls-min-version')?.value
  const suites = ['ECDSA', 'RSA'].flatMap((keys) =>
    ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256'].map(
      (cipher) => `TLS_ECDHE_${keys}_WITH_${cipher}`,
    ),
  )
  return {
    'tls-min-version': 'TLS1.2',
    'enable-pprof': 'false',
    ...(least !== 'TLS1.3' && { 'cipher-suites': suites.join(',') }),
  }
}
