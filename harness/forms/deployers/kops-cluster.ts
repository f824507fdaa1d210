import type { FileForm, FileReading, GivenSetting, NotUnderstood } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { fromVariables, type Variable } from '../given.ts'
import {
  entriesAt,
  formatYaml,
  itemsAt,
  textAt,
  valueAt,
  type YamlEntry,
  type YamlValue,
} from '../text/yaml-document.ts'
import { withDeployers } from './deployer-settings.ts'
import { kindProblem } from './extra-arguments.ts'
import { forDeployer } from './for-deployer.ts'

/**
 * A cluster of kops: of its `etcdClusters` the one named main, with its version and the variables that
 * etcd-manager passes on to it.
 */
export const kopsCluster: FileForm = {
  name: 'kops',
  title: 'a cluster of kops',
  recognises: ({ documents = [] }) => documents.some((one) => clustersOf(one) !== undefined),
  read: ({ documents = [] }) => {
    const [clusters] = documents.flatMap((one) => clustersOf(one) ?? [])
    const items = clusters?.kind === 'list' ? clusters.items : []
    const main = items.find((one) => textAt(one, 'name') === 'main') ?? items[0]
    if (main === undefined) {
      const problem = { line: clusters?.line ?? 1, expected: 'a list of clusters in etcdClusters' }
      const found = clusters === undefined ? 'none' : formatYaml(clusters) || 'nothing'
      return { members: [], problems: [{ ...problem, found }] }
    }
    const others = items.filter((one) => one !== main).map((one) => otherCluster(one, main))
    return readCluster(main, others)
  },
}

function clustersOf(document: YamlValue): YamlValue | undefined {
  return valueAt(document, 'spec', 'etcdClusters')
}

function otherCluster(cluster: YamlValue, read: YamlValue): NotUnderstood {
  const [setting = 'a cluster', name = 'the first'] = [cluster, read].map((one) =>
    textAt(one, 'name'),
  )
  const why = `another cluster of etcd beside ${name}, which is read`
  return { setting, value: '', line: cluster.line, why }
}

function readCluster(cluster: YamlValue, others: readonly NotUnderstood[]): FileReading {
  const manager = valueAt(cluster, 'manager')
  const isLegacy = textAt(cluster, 'provider') === 'Legacy'
  const members = valueAt(cluster, 'etcdMembers')
  const given = fromVariables(variablesOf(manager))
  const timings = entriesAt(cluster).filter(({ key }) => Object.hasOwn(flagsOfTimings, key))
  const inForce = isLegacy ? timings.map(timingOf) : []
  const own = isLegacy ? [] : withDeployers(given.settings, ownSettings(cluster))
  const read = ['name', 'provider', 'etcdMembers', 'manager', 'version', 'image', 'enableEtcdTLS']
  const count = itemsAt(members).length
  const reading = {
    label: '',
    settings: [...inForce.flatMap(({ setting }) => setting ?? []), ...own],
    notUnderstood: [
      ...given.notUnderstood.map(ofManager),
      ...forDeployer(cluster, {
        read: isLegacy ? [...read, ...Object.keys(flagsOfTimings)] : read,
        by: 'kops',
      }).map(refusedTiming),
      ...forDeployer(manager, { read: ['env', 'listenMetricsURLs'], by: 'etcd-manager' }),
      ...others,
    ],
    ...imageOf(cluster),
    ...(count > 0 && { count }),
    ...((!isLegacy || textAt(cluster, 'enableEtcdTLS') === 'true') && { hasTls: true as const }),
  }
  const problems = [
    ...kindProblem(members, { key: 'etcdMembers', kind: 'list' }),
    ...kindProblem(valueAt(manager, 'env'), { key: 'manager.env', kind: 'list' }),
    ...inForce.flatMap(({ problem }) => problem ?? []),
    ...given.problems,
  ]
  return { members: [reading], problems }
}

/** etcd-manager checks data at the start from 3.5 on, which has had corrupt ones. */
function ownSettings(cluster: YamlValue) {
  const version = textAt(cluster, 'version')
  const isChecked = version === undefined || /^v?3\.5\./.test(version)
  return {
    by: 'kops',
    door: 'variable',
    settings: {
      'strict-reconfig-check': 'true',
      ...(isChecked && { 'experimental-initial-corrupt-check': 'true' }),
    },
    line: cluster.line,
  } as const
}

function variablesOf(manager: YamlValue | undefined): Variable[] {
  const urls = valueAt(manager, 'listenMetricsURLs')
  const listed = itemsAt(urls).map(formatYaml).join(',')
  const metrics = urls !== undefined && listed !== ''
  const name = 'ETCD_LISTEN_METRICS_URLS'
  return [
    ...(metrics ? [{ name, value: listed, line: urls.line }] : []),
    ...itemsAt(manager, 'env').flatMap((item) => {
      const [own, value] = [textAt(item, 'name'), textAt(item, 'value')]
      return own === undefined ? [] : [{ name: own, value: value ?? '', line: item.line }]
    }),
  ]
}

function ofManager(unread: NotUnderstood): NotUnderstood {
  const { setting, value, line } = unread
  const isManagers = /^ETCD_MANAGER_/.test(setting) || !setting.startsWith('ETCD_')
  return isManagers ? { setting, value, line, why: 'etcd-manager reads it, not etcd' } : unread
}

function imageOf(cluster: YamlValue) {
  const [image, version] = ['image', 'version'].map((key) => valueAt(cluster, key))
  if (image?.kind === 'scalar') return { image: { reference: image.text, line: image.line } }
  if (version?.kind !== 'scalar') return {}
  return { image: { reference: `etcd:${version.text}`, line: version.line } }
}

/** Of the cluster itself, which kops gives to etcd without etcd-manager alone. */
const flagsOfTimings: Readonly<Record<string, string>> = {
  heartbeatInterval: 'heartbeat-interval',
  leaderElectionTimeout: 'election-timeout',
}

function refusedTiming(unread: NotUnderstood): NotUnderstood {
  if (!Object.hasOwn(flagsOfTimings, unread.setting)) return unread
  return { ...unread, why: 'kops refuses it where etcd-manager runs etcd' }
}

function timingOf({ key, value, line }: YamlEntry): {
  readonly setting?: GivenSetting
  readonly problem?: Problem
} {
  const text = formatYaml(value)
  const [, count, unit] = /^(\d+)(ms|s)$/.exec(text) ?? []
  const name = flagsOfTimings[key]
  if (count === undefined || name === undefined) {
    return { problem: { line, expected: `a duration such as 500ms for ${key}`, found: text } }
  }
  const milliseconds = String(Number(count) * (unit === 's' ? 1000 : 1))
  return { setting: { name, value: milliseconds, line, door: 'variable' } }
}
