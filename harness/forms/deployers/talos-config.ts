import { keysOf } from '../etcd/yaml-file.ts'
import type { FileForm } from '../file-form.ts'
import { textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { argumentsOf, givenArguments } from './extra-arguments.ts'

/** A machine configuration of Talos: `cluster.etcd`, with its extra arguments and its image. */
export const talosConfig: FileForm = {
  name: 'talos',
  title: 'a machine configuration of Talos',
  recognises: ({ documents = [] }) => documents.some(isTalos),
  read: ({ documents = [] }) => {
    const etcd = valueAt(documents.find(isTalos), 'cluster', 'etcd')
    const given = givenArguments(argumentsOf(valueAt(etcd, 'extraArgs')))
    const reference = textAt(etcd, 'image')
    const line = valueAt(etcd, 'image')?.line ?? 1
    const { settings, notUnderstood, problems } = given
    const image = reference !== undefined && { image: { reference, line } }
    return { members: [{ label: '', settings, notUnderstood, hasTls: true, ...image }], problems }
  },
}

const ownKeys: ReadonlySet<string> = new Set([
  ...['image', 'ca', 'extraArgs', 'subnet', 'advertisedSubnets', 'listenSubnets'],
])

/** Also a patch of one, which has the part that it changes alone. */
function isTalos(document: YamlValue): boolean {
  const cluster = valueAt(document, 'cluster')
  const isWhole = valueAt(document, 'machine') !== undefined && cluster !== undefined
  const keys = keysOf(valueAt(cluster, 'etcd'))
  return isWhole || (keys.length > 0 && keys.every((key) => ownKeys.has(key)))
}
