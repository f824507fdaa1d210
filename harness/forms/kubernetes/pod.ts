import { dirname } from 'node:path/posix'
import { stringify } from 'yaml'
import { readContainers } from '../containers/container-command.ts'
import { nothingStarted } from '../containers/nothing-started.ts'
import { flags } from '../etcd/flags.ts'
import type { FileForm, WrittenMember } from '../file-form.ts'
import { filesOfConfigMaps, resourcesOf } from './kubernetes.ts'
import { containersOf, isWorkload } from './pod-containers.ts'

/**
 * A Pod of Kubernetes, static (kubeadm's, OpenShift's, RKE2's) or of a StatefulSet, with etcd in one
 * of its containers: flags in `command` and `args`, variables in `env`, or a shell's script. Its
 * ConfigMaps may stand in the same file.
 */
export const pod: FileForm = {
  name: 'pod',
  title: 'a Pod',
  recognises: ({ documents }) => resourcesOf(documents).some(isWorkload),
  read: ({ documents }) => {
    const resources = resourcesOf(documents)
    const containers = resources.flatMap((one) => containersOf(one, resources))
    const reading = readContainers(containers)
    const files = filesOfConfigMaps(resources)
    if (reading.members.length > 0 || reading.problems.length > 0) return { ...reading, files }
    const expected = 'a container that starts etcd'
    const whole = 'of a patch give what `kubectl kustomize` prints'
    return { members: [], problems: [nothingStarted(containers, { expected, whole })] }
  },
  write: (members) =>
    members.map((each) => ({
      name: `${each.member}.yaml`,
      text: stringify(manifestOf(each), { lineWidth: 0 }),
    })),
}

/** As kubeadm writes it: the host's network, and probes on the metrics port. */
function manifestOf({ configuration, member, image }: WrittenMember) {
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
