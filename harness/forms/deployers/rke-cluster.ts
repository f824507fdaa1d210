import type { FileForm, FileReading, MemberReading } from '../file-form.ts'
import { fromVariables, joinGiven, type Variable } from '../given.ts'
import { entryOf, formatYaml, itemsAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { withDeployers } from './deployer-settings.ts'
import { argumentsOf, givenArguments, kindProblem } from './extra-arguments.ts'
import { forDeployer } from './for-deployer.ts'

/** The cluster.yml of RKE, or what Rancher exports of one: `services.etcd` with its extra arguments. */
export const rkeCluster: FileForm = {
  name: 'rke',
  title: 'a cluster of RKE',
  recognises: ({ documents = [] }) => documents.some((one) => clusterOf(one) !== undefined),
  read: ({ documents = [] }) => {
    const [cluster] = documents.flatMap((one) => clusterOf(one) ?? [])
    return cluster === undefined ? { members: [], problems: [] } : readCluster(cluster)
  },
}

/** By its nodes with roles, or by a service etcd that has what RKE's alone has. */
function clusterOf(document: YamlValue): YamlValue | undefined {
  const exported = valueAt(document, 'rancher_kubernetes_engine_config')
  if (exported !== undefined) return exported
  if (valueAt(document, 'kind') !== undefined) return undefined
  const hasRoles = itemsAt(document, 'nodes').some((node) => rolesOf(node).length > 0)
  const isService = ownKeys.some((key) => valueAt(document, 'services', 'etcd', key) !== undefined)
  return hasRoles || isService ? document : undefined
}

const ownKeys = ['extra_args', 'extra_args_array', 'extra_env', 'backup_config', 'snapshot']

function rolesOf(node: YamlValue): readonly string[] {
  const roles = valueAt(node, 'role')
  const items = roles?.kind === 'list' ? roles.items : roles === undefined ? [] : [roles]
  return items.map(formatYaml).filter((role) => /^(etcd|controlplane|worker)$/.test(role))
}

/** What RKE gives its etcd where the file says nothing of it. */
const ownSettings = {
  'heartbeat-interval': '500',
  'election-timeout': '5000',
  'cipher-suites': 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
}

const read = ['extra_args', 'extra_args_array', 'extra_env', 'external_urls', 'image']

function readCluster(cluster: YamlValue): FileReading {
  const entry = entryOf(valueAt(cluster, 'services'), 'etcd')
  const etcd = entry?.value
  const external = entryOf(etcd, 'external_urls')
  if (itemsAt(external?.value).length > 0) {
    const found = 'services.etcd.external_urls, which says where an etcd is'
    const problem = { line: external?.line ?? 1, expected: 'an etcd that RKE runs', found }
    return { members: [], problems: [problem] }
  }
  const lists = ['extra_args', 'extra_args_array'].map((key) => ({ key, of: valueAt(etcd, key) }))
  const given = joinGiven(
    ...lists.map(({ of }) => givenArguments(argumentsOf(of))),
    fromVariables(variablesOf(valueAt(etcd, 'extra_env'))),
  )
  const count = itemsAt(cluster, 'nodes').filter((node) => rolesOf(node).includes('etcd')).length
  const member: MemberReading = {
    label: '',
    settings: withDeployers(given.settings, {
      by: 'RKE',
      door: 'flag',
      settings: ownSettings,
      line: entry?.line ?? cluster.line,
    }),
    notUnderstood: [...given.notUnderstood, ...forDeployer(etcd, { read, by: 'RKE' })],
    hasTls: true,
    ...imageOf(cluster),
    ...(count > 0 && { count }),
  }
  const problems = [
    ...lists.flatMap(({ key, of }) => kindProblem(of, { key, kind: 'map' })),
    ...kindProblem(valueAt(etcd, 'extra_env'), { key: 'extra_env', kind: 'list' }),
    ...given.problems,
  ]
  return { members: [member], problems }
}

function variablesOf(list: YamlValue | undefined): Variable[] {
  return itemsAt(list).map((item) => {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(formatYaml(item)) ?? []
    return { name, value, line: item.line }
  })
}

function imageOf(cluster: YamlValue): Pick<MemberReading, 'image'> {
  const given = [
    valueAt(cluster, 'services', 'etcd', 'image'),
    valueAt(cluster, 'system_images', 'etcd'),
  ].find((one) => one?.kind === 'scalar' && one.text !== '')
  return given?.kind === 'scalar' ? { image: { reference: given.text, line: given.line } } : {}
}
