import type { ContainerCommand } from '../containers/container-command.ts'
import type { NotUnderstood } from '../file-form.ts'
import { type Variable, valueElsewhere } from '../given.ts'
import { isEtcdImage } from '../text/find-etcd.ts'
import { expandReferences } from '../text/kubernetes-references.ts'
import { unresolved } from '../text/unresolved.ts'
import { itemsAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { type ConfigMap, configMapsOf } from './kubernetes.ts'

/** Kinds of Kubernetes that make Pods of a template; others may, too, and show it by their containers. */
const withTemplate = /^(StatefulSet|Deployment|DaemonSet|ReplicaSet|ReplicationController|Job)$/

export function isWorkload(resource: YamlValue): boolean {
  return specOf(resource) !== undefined
}

/** The containers of a resource, with what they take from ConfigMaps of the same file. */
export function containersOf(
  resource: YamlValue,
  resources: readonly YamlValue[],
): readonly ContainerCommand[] {
  const maps = configMapsOf(resources)
  const replicas = Number(textAt(resource, 'spec', 'replicas') ?? Number.NaN)
  return itemsAt(specOf(resource), 'containers').map((container) => ({
    ...commandOf(container, maps),
    ...(Number.isInteger(replicas) && replicas > 0 && { count: replicas }),
  }))
}

function commandOf(container: YamlValue, maps: ReadonlyMap<string, ConfigMap>): ContainerCommand {
  const image = valueAt(container, 'image')
  const reference = image?.kind === 'scalar' ? image.text : ''
  const { variables, unknown, lookUp } = environmentOf(container, maps)
  return {
    label: textAt(container, 'name') ?? 'container',
    line: container.line,
    words: [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].flatMap((word) =>
      word.kind === 'scalar'
        ? [{ text: expandReferences(word.text, lookUp), line: word.textLine }]
        : [],
    ),
    variables,
    unknown,
    ...(image !== undefined && reference !== '' && { image: { reference, line: image.line } }),
    isEtcdImage: isEtcdImage(reference),
  }
}

function specOf(resource: YamlValue): YamlValue | undefined {
  const kind = textAt(resource, 'kind') ?? ''
  if (kind === 'Pod') return valueAt(resource, 'spec')
  const spec = valueAt(resource, 'spec', 'template', 'spec')
  const hasContainers = kind !== '' && itemsAt(spec, 'containers').length > 0
  return hasContainers || withTemplate.test(kind) ? spec : undefined
}

/**
 * `envFrom` and `env`; a later variable of a name replaces an earlier one, and a `value` may refer to those
 * above it. `lookUp` is what a reference becomes; undefined where it stays as it is written.
 */
function environmentOf(container: YamlValue, maps: ReadonlyMap<string, ConfigMap>) {
  const variables = new Map<string, Variable>()
  const fields: Variable[] = []
  const unknown: NotUnderstood[] = []
  const elsewhere = new Set<string>()
  const sources = itemsAt(container, 'envFrom').map((source) => sourceOf(source, maps))
  for (const { missing, read } of sources) {
    unknown.push(...missing)
    for (const variable of read) variables.set(variable.name, variable)
  }
  const items = itemsAt(container, 'env')
  const declared = new Set(items.map((item) => textAt(item, 'name')))
  // What is not set here, a source that is not given may set, a Service, or a tool before Kubernetes.
  const isOpen = (name: string) =>
    /^[A-Za-z_][\w.-]*$/.test(name) && (elsewhere.has(name) || !declared.has(name))
  const lookUp = (name: string) =>
    variables.get(name)?.value ?? (isOpen(name) ? unresolved(`$(${name})`) : undefined)
  for (const item of items) {
    const name = textAt(item, 'name')
    if (name === undefined) continue
    const found = textOf(item, maps)
    if (found === undefined) {
      elsewhere.add(name)
      variables.delete(name)
      const field = fieldOf(name, item)
      if (field === undefined) unknown.push(...unknownVariable(name, item))
      else fields.push(field)
      continue
    }
    const { text, line } = found
    variables.set(name, {
      name,
      value: 'isLiteral' in found ? text : expandReferences(text, lookUp),
      line,
    })
  }
  return { variables: [...variables.values(), ...fields], unknown, lookUp }
}

/** A ConfigMap of `envFrom`, whose names may get a prefix. */
function sourceOf(source: YamlValue, maps: ReadonlyMap<string, ConfigMap>) {
  const prefix = textAt(source, 'prefix') ?? ''
  const name = textAt(source, 'configMapRef', 'name')
  const map = maps.get(name ?? '')
  const read = [...(map ?? [])].map(([key, { text, line }]) => {
    return { name: prefix + key, value: text, line }
  })
  if (map !== undefined) return { read, missing: [] }
  const setting = name ?? textAt(source, 'secretRef', 'name') ?? 'envFrom'
  const why = 'its variables come from elsewhere'
  return { read, missing: [{ setting, value: '', line: source.line, why }] }
}

/** What a ConfigMap has is taken as it stands. */
function textOf(item: YamlValue, maps: ReadonlyMap<string, ConfigMap>) {
  const value = valueAt(item, 'value')
  if (value?.kind === 'scalar') return { text: value.text, line: value.line }
  if (valueAt(item, 'valueFrom') === undefined) return { text: '', line: item.line }
  const reference = valueAt(item, 'valueFrom', 'configMapKeyRef')
  const found = maps.get(textAt(reference, 'name') ?? '')?.get(textAt(reference, 'key') ?? '')
  return found && { ...found, isLiteral: true as const }
}

/** A field of the Pod, such as its name, where what etcd makes of it follows from the cluster here. */
function fieldOf(name: string, item: YamlValue): Variable | undefined {
  const field = textAt(item, 'valueFrom', 'fieldRef', 'fieldPath')
  const { isUnresolved: isFree } = valueElsewhere({ name, value: '', line: item.line })
  if (field === undefined || isFree === true || !name.startsWith('ETCD_')) return undefined
  return { name, value: unresolved(field), line: item.line }
}

/** Of a field of the Pod, of a secret, of a ConfigMap that is not given: of those etcd reads. */
function unknownVariable(name: string, item: YamlValue): NotUnderstood[] {
  if (!name.startsWith('ETCD_')) return []
  const field = textAt(item, 'valueFrom', 'fieldRef', 'fieldPath')
  return [valueElsewhere({ name, value: field ?? '', line: item.line })]
}
