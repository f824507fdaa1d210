import type { FileForm } from './file-form.ts'
import { fromArguments, fromVariables, joinGiven } from './given.ts'
import {
  entriesAt,
  formatYaml,
  itemsAt,
  textAt,
  valueAt,
  type YamlValue,
} from './text/yaml-document.ts'

/** kubeadm's ClusterConfiguration: the extra arguments of its local etcd, and the tag of its image. */
export const kubeadmConfig: FileForm = {
  name: 'kubeadm',
  title: "kubeadm's ClusterConfiguration",
  recognises: ({ documents = [] }) => configurationsOf(documents).length > 0,
  read: ({ documents = [] }) => {
    const local = valueAt(configurationsOf(documents)[0], 'etcd', 'local')
    if (local === undefined) {
      const problem = { line: 1, expected: 'etcd.local in the ClusterConfiguration', found: 'none' }
      return { members: [], problems: [problem] }
    }
    const extra = argumentsOf(valueAt(local, 'extraArgs'))
    const given = fromArguments(
      extra.map(({ text }) => text),
      extra.map(({ line }) => line),
    )
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
        ...{ setting: key, value: formatYaml(value), line, why: 'for kubeadm, not for etcd' },
      }))
    const { settings, notUnderstood: unread, problems } = joinGiven(given, fromVariables(variables))
    const notUnderstood = [...unread, ...others]
    return { members: [{ label: '', settings, notUnderstood, hasTls: true, ...image }], problems }
  },
}

const used: ReadonlySet<string> = new Set(['extraArgs', 'extraEnvs', 'imageTag'])

/** The configurations themselves, or those within the control planes of Cluster API. */
function configurationsOf(documents: readonly YamlValue[]): readonly YamlValue[] {
  const within = ['kubeadmConfigSpec', 'clusterConfiguration']
  return documents.flatMap((document) => {
    if (textAt(document, 'kind') === 'ClusterConfiguration') return [document]
    const found =
      valueAt(document, 'spec', ...within) ??
      valueAt(document, 'spec', 'template', 'spec', ...within)
    return found === undefined ? [] : [found]
  })
}

/** A map up to v1beta3, a list of names and values from v1beta4 on. */
export function argumentsOf(value: YamlValue | undefined): { text: string; line: number }[] {
  if (value?.kind === 'map') {
    return entriesAt(value).map(({ key, line, value: of }) => ({
      text: `--${key}=${of.kind === 'list' ? of.items.map(formatYaml).join(',') : formatYaml(of)}`,
      line,
    }))
  }
  return itemsAt(value).map((item) => ({
    text: `--${textAt(item, 'name') ?? ''}=${textAt(item, 'value') ?? ''}`,
    line: item.line,
  }))
}
