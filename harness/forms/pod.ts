import { type ContainerCommand, collect, isEtcdImage } from './container-command.ts'
import type { FileForm } from './file-form.ts'
import type { Variable } from './given.ts'
import { itemsAt, textAt, valueAt, type YamlValue } from './text/yaml-document.ts'

/** Kinds that hold a Pod, each with the path to its `spec`. */
const paths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
}

/**
 * A Pod of Kubernetes, static (kubeadm's, OpenShift's, RKE2's) or of a StatefulSet, with etcd in one
 * of its containers: flags in `command` and `args`, variables in `env`, or a shell's script.
 */
export const pod: FileForm = {
  name: 'pod',
  title: 'a Pod',
  recognises: ({ documents = [] }) => documents.some((document) => specOf(document) !== undefined),
  read: ({ documents = [] }) => {
    const reading = collect(documents.flatMap(containersOf))
    if (reading.members.length > 0) return reading
    const problem = { line: 1, expected: 'a container that starts etcd', found: 'none' }
    return { members: [], problems: [...reading.problems, problem] }
  },
}

function specOf(document: YamlValue): YamlValue | undefined {
  const kind = textAt(document, 'kind') ?? ''
  return Object.hasOwn(paths, kind) ? valueAt(document, ...(paths[kind] ?? [])) : undefined
}

function containersOf(document: YamlValue): ContainerCommand[] {
  return itemsAt(specOf(document), 'containers').map((container) => {
    const image = valueAt(container, 'image')
    const variables = itemsAt(container, 'env').flatMap(variableOf)
    const known = new Map(variables.map(({ name, value }) => [name, value]))
    const reference = image?.kind === 'scalar' ? image.text : ''
    return {
      label: textAt(container, 'name') ?? 'container',
      words: [...itemsAt(container, 'command'), ...itemsAt(container, 'args')].flatMap((word) =>
        word.kind === 'scalar' ? [{ text: expand(word.text, known), line: word.line }] : [],
      ),
      variables,
      ...(image !== undefined && reference !== '' && { image: { reference, line: image.line } }),
      isEtcdImage: isEtcdImage(reference),
    }
  })
}

/** A variable whose value comes from elsewhere (a secret, the Pod's address) is left out. */
function variableOf(item: YamlValue): Variable[] {
  const [name, value] = [textAt(item, 'name'), valueAt(item, 'value')]
  if (name === undefined || value?.kind !== 'scalar') return []
  return [{ name, value: value.text, line: value.line }]
}

/** `$(NAME)` as Kubernetes replaces it: an unknown one stays, `$$(NAME)` is `$(NAME)`. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/(\$?)\$\(([A-Za-z_][\w.-]*)\)/g, (match, escaped, name) =>
    escaped === '' ? (variables.get(name) ?? match) : match.slice(1),
  )
}
