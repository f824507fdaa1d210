import type { FileForm } from '../file-form.ts'
import { fromVariables, joinGiven } from '../given.ts'
import {
  entriesAt,
  formatYaml,
  itemsAt,
  readYaml,
  textAt,
  valueAt,
  type YamlValue,
} from '../text/yaml-document.ts'
import { argumentsOf, givenArguments } from './extra-arguments.ts'

/** kubeadm's ClusterConfiguration: the extra arguments of its local etcd, and the tag of its image. */
export const kubeadmConfig: FileForm = {
  name: 'kubeadm',
  title: "kubeadm's ClusterConfiguration",
  recognises: ({ documents = [] }) => configurationsOf(documents).length > 0,
  read: ({ documents = [] }) => {
    const [found] = configurationsOf(documents)
    const local = valueAt(found?.configuration, 'etcd', 'local')
    if (local === undefined) {
      const problem = { line: 1, expected: 'etcd.local in the ClusterConfiguration', found: 'none' }
      return { members: [], problems: [problem] }
    }
    const given = givenArguments(argumentsOf(valueAt(local, 'extraArgs')))
    const tag = valueAt(local, 'imageTag')
    const image = tag?.kind === 'scalar' && {
      image: { reference: `etcd:${tag.text}`, line: tag.line },
    }
    const variables = itemsAt(local, 'extraEnvs').flatMap((item) => {
      const [name, value] = [textAt(item, 'name'), textAt(item, 'value')]
      return name === undefined || value === undefined ? [] : [{ name, value, line: item.line }]
    })
    const others = entriesAt(local)
      .filter(({ key }) => !used.has(key))
      .map(({ key, value, line }) => ({
        setting: key,
        value: formatYaml(value),
        line,
        why: 'for kubeadm, not for etcd',
      }))
    const { settings, notUnderstood: unread, problems } = joinGiven(given, fromVariables(variables))
    const notUnderstood = [...unread, ...others]
    const count = found?.count
    const about = { hasTls: true as const, ...image, ...(count !== undefined && { count }) }
    return { members: [{ label: '', settings, notUnderstood, ...about }], problems }
  },
}

const used: ReadonlySet<string> = new Set(['extraArgs', 'extraEnvs', 'imageTag'])

interface Found {
  readonly configuration: YamlValue
  /** Of the members, where a control plane has as many. */
  readonly count?: number
}

/** The configurations themselves, and those within the control planes of Cluster API and of kind. */
function configurationsOf(documents: readonly YamlValue[]): readonly Found[] {
  const within = ['kubeadmConfigSpec', 'clusterConfiguration']
  return documents.flatMap((document): readonly Found[] => {
    if (textAt(document, 'kind') === 'ClusterConfiguration') return [{ configuration: document }]
    if (/^kind\.x-k8s\.io\//.test(textAt(document, 'apiVersion') ?? '')) return patchesOf(document)
    const configuration =
      valueAt(document, 'spec', ...within) ??
      valueAt(document, 'spec', 'template', 'spec', ...within)
    const replicas = Number(textAt(document, 'spec', 'replicas') ?? 0)
    if (configuration === undefined) return []
    return [{ configuration, ...(replicas > 0 && { count: replicas }) }]
  })
}

/** Those that set something of etcd, of a cluster of kind, with one member a control plane. */
function patchesOf(document: YamlValue): readonly Found[] {
  const nodes = itemsAt(document, 'nodes')
  const planes = nodes.filter((node) => textAt(node, 'role') === 'control-plane')
  const patches = [document, ...planes].flatMap((each) => itemsAt(each, 'kubeadmConfigPatches'))
  return patches.flatMap((patch) => {
    if (patch.kind !== 'scalar') return []
    const { documents } = readYaml('\n'.repeat(patch.textLine - 1) + patch.text)
    return documents
      .filter((each) => valueAt(each, 'etcd', 'local') !== undefined)
      .map((configuration) => ({
        configuration,
        ...(planes.length > 1 && { count: planes.length }),
      }))
  })
}
