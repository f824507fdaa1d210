import { dirname } from 'node:path/posix'
import type { SourceFile } from '../deployment/deployment.ts'
import { contentOf } from '../file-forms.ts'
import { entriesAt, textAt, type YamlValue } from '../text/yaml-document.ts'
import { resourcesOf } from './kubernetes.ts'
import { isWorkload } from './pod-containers.ts'

/**
 * The files, with the ConfigMaps of Kubernetes behind each file that has Pods, which take variables and
 * files from them. What only stands beside a Pod, such as a Service, is left out where there is a Pod.
 */
export function joinResources(files: readonly SourceFile[]): readonly SourceFile[] {
  if (files.length < 2) return files
  const read = files.map((file) => ({ file, kinds: kindsOf(file.text) }))
  if (!read.some(({ kinds }) => kinds === 'workload')) return files
  const maps = read.filter(({ kinds }) => kinds === 'configmap').map(({ file }) => file)
  return read.flatMap(({ file, kinds }) => {
    if (kinds === 'workload') return [maps.reduce(append, file)]
    return kinds === 'other-program' ? [file] : []
  })
}

/**
 * The files, with an override of Compose (`compose.override.yaml`) behind the file that it overrides: the
 * one beside it, or the only one.
 */
export function joinOverrides(files: readonly SourceFile[]): readonly SourceFile[] {
  const isCompose = ({ text }: SourceFile) =>
    entriesAt(contentOf(text).documents?.[0], 'services').length > 0
  const isOverride = (file: SourceFile) =>
    /\boverride\b[^/]*\.ya?ml$/.test(file.path) && isCompose(file)
  const overrides = files.filter(isOverride)
  if (overrides.length === 0) return files
  const bases = files.filter((file) => !isOverride(file) && isCompose(file))
  const baseOf = ({ path }: SourceFile) =>
    bases.find((base) => dirname(base.path) === dirname(path)) ??
    (bases.length === 1 ? bases[0] : undefined)
  return files.flatMap((file) => {
    if (overrides.includes(file)) return baseOf(file) === undefined ? [file] : []
    return [overrides.filter((each) => baseOf(each) === file).reduce(append, file)]
  })
}

/** What a file has of Kubernetes; a file of anything else is for another form. */
function kindsOf(text: string): 'workload' | 'configmap' | 'beside' | 'other-program' {
  const resources = resourcesOf(contentOf(text).documents)
  const isResource = (one: YamlValue) => textAt(one, 'kind') !== undefined
  if (resources.length === 0 || !resources.every(isResource)) return 'other-program'
  if (resources.some(isWorkload)) return 'workload'
  if (resources.some((one) => textAt(one, 'kind') === 'ConfigMap')) return 'configmap'
  const isBeside = (one: YamlValue) => besides.test(textAt(one, 'kind') ?? '')
  return resources.every(isBeside) ? 'beside' : 'other-program'
}

const besides =
  /^(Secret|Service|ServiceAccount|PersistentVolume(Claim)?|PodDisruptionBudget|StorageClass|Namespace|NetworkPolicy|(Cluster)?Role(Binding)?|ServiceMonitor|Kustomization)$/

function append(file: SourceFile, { path, text }: SourceFile): SourceFile {
  const joined = `${file.text.replace(/\n?$/, '\n')}---\n`
  const firstLine = joined.split('\n').length
  return { ...file, text: joined + text, parts: [...(file.parts ?? []), { path, firstLine }] }
}
