import type { ContainerCommand } from './container-command.ts'
import type { NotUnderstood } from './file-form.ts'
import { type Variable, valueElsewhere } from './given.ts'
import { type ConfigMap, configMapsOf } from './kubernetes.ts'
import { isEtcdImage } from './text/find-etcd.ts'
import { unresolved } from './text/unresolved.ts'
import { itemsAt, textAt, valueAt, type YamlValue } from './text/yaml-document.ts'

/** Kinds that hold a Pod, each with the path to its `spec`. */
const paths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
}

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
  const { variables, unknown } = environmentOf(container, maps)
  const known = new Map(variables.map(({ name, value }) => [name, value]))
  return {
    label: textAt(container, 'name') ?? 'container',
    words: [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].flatMap((word) =>
      word.kind === 'scalar' ? [{ text: expand(word.text, known), line: word.textLine }] : [],
    ),
    ...{ variables, unknown },
    ...(image !== undefined && reference !== '' && { image: { reference, line: image.line } }),
    isEtcdImage: isEtcdImage(reference),
  }
}

function specOf(resource: YamlValue): YamlValue | undefined {
  const kind = textAt(resource, 'kind') ?? ''
  return Object.hasOwn(paths, kind) ? valueAt(resource, ...(paths[kind] ?? [])) : undefined
}

/** `envFrom` and `env`; a later variable of a name replaces an earlier one, and may refer to it. */
function environmentOf(container: YamlValue, maps: ReadonlyMap<string, ConfigMap>) {
  const variables = new Map<string, Variable>()
  const unknown: NotUnderstood[] = []
  for (const source of itemsAt(container, 'envFrom')) {
    const map = maps.get(textAt(source, 'configMapRef', 'name') ?? '')
    for (const [name, { text, line }] of map ?? []) variables.set(name, { name, value: text, line })
  }
  for (const item of itemsAt(container, 'env')) {
    const name = textAt(item, 'name')
    if (name === undefined) continue
    const found = textOf(item, maps)
    if (found === undefined) unknown.push(...unknownVariable(name, item))
    else {
      const known = new Map([...variables.values()].map((each) => [each.name, each.value]))
      variables.set(name, { name, value: expand(found.text, known), line: found.line })
    }
  }
  return { variables: [...variables.values()], unknown }
}

function textOf(item: YamlValue, maps: ReadonlyMap<string, ConfigMap>) {
  const value = valueAt(item, 'value')
  if (value?.kind === 'scalar') return { text: value.text, line: value.line }
  const reference = valueAt(item, 'valueFrom', 'configMapKeyRef')
  return maps.get(textAt(reference, 'name') ?? '')?.get(textAt(reference, 'key') ?? '')
}

/** Of a field of the Pod, of a secret, of a ConfigMap that is not given: of those etcd reads. */
function unknownVariable(name: string, item: YamlValue): NotUnderstood[] {
  if (!name.startsWith('ETCD_')) return []
  const field = textAt(item, 'valueFrom', 'fieldRef', 'fieldPath')
  return [valueElsewhere({ name, value: field ?? '', line: item.line })]
}

/** `$(NAME)` as Kubernetes replaces it: an unknown one stays, and `$$` is `$`. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? unresolved(match)),
  )
}
