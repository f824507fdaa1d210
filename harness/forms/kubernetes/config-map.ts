import type { FileForm } from '../file-form.ts'
import { textAt } from '../text/yaml-document.ts'
import { filesOfConfigMaps, resourcesOf } from './kubernetes.ts'

/** A ConfigMap of Kubernetes with a file of etcd in it, without the Pod that mounts it. */
export const configMap: FileForm = {
  name: 'configmap',
  title: "a ConfigMap with etcd's configuration",
  recognises: ({ documents }) =>
    resourcesOf(documents).some((resource) => textAt(resource, 'kind') === 'ConfigMap'),
  read: ({ documents }) => ({
    members: [],
    problems: [],
    files: filesOfConfigMaps(resourcesOf(documents)),
  }),
}
