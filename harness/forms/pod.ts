import { dirname } from 'node:path/posix'
import { stringify } from 'yaml'
import type { MemberConfiguration } from '../topology/member-configuration.ts'
import { type ContainerCommand, collect, isEtcdImage } from './container-command.ts'
import type { FileForm, WritingPlace } from './file-form.ts'
import { flags } from './flags.ts'
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
  write: (configuration, place) => [
    { name: `${place.member}.yaml`, text: stringify(manifestOf(configuration, place)) },
  ],
}

/** As kubeadm writes it: the host's network, and probes on the metrics port. */
function manifestOf(configuration: MemberConfiguration, { member, image }: WritingPlace) {
  const optionOf = (option: string) => configuration.find(({ name }) => name === option)?.value
  const metrics = URL.parse(optionOf('listen-metrics-urls')?.split(',')[0] ?? '')
  const folders = new Set(
    ['data-dir', 'cert-file', 'peer-cert-file'].flatMap((option) => {
      const value = optionOf(option)
      return value === undefined ? [] : [option === 'data-dir' ? value : dirname(value)]
    }),
  )
  const mounts = [...folders].map((path, index) => ({ name: `files-${index}`, path }))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `etcd-${member}`, namespace: 'kube-system' },
    spec: {
      hostNetwork: true,
      containers: [
        {
          name: 'etcd',
          image,
          // Kubernetes replaces $(NAME) in a command.
          command: [
            'etcd',
            ...flags.write(configuration).map((word) => word.replaceAll('$', '$$$$')),
          ],
          ...(metrics !== null && { livenessProbe: probeOf(metrics) }),
          volumeMounts: mounts.map(({ name, path }) => ({ name, mountPath: path })),
        },
      ],
      volumes: mounts.map(({ name, path }) => ({
        name,
        hostPath: { path, type: 'DirectoryOrCreate' },
      })),
    },
  }
}

function probeOf({ port, protocol }: URL) {
  const scheme = protocol === 'https:' ? 'HTTPS' : 'HTTP'
  return {
    httpGet: { host: '127.0.0.1', path: '/health', port: Number(port), scheme },
    failureThreshold: 8,
    timeoutSeconds: 15,
  }
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

/** `$(NAME)` as Kubernetes replaces it: an unknown one stays, and `$$` is `$`. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? match),
  )
}
