import { keysOf } from '../etcd/yaml-file.ts'
import type { FileContent, FileForm } from '../file-form.ts'
import { textAt, type YamlValue } from '../text/yaml-document.ts'
import { nameText } from './lookalikes.ts'

/** Files that look like etcd's and say nothing of how a member is configured. */
const lookalikes: readonly {
  readonly is: (document: YamlValue) => boolean
  readonly found: string
}[] = [
  {
    is: (document) => {
      const keys = keysOf(document)
      const isPatroni = keys.includes('scope') || keys.includes('postgresql')
      return isPatroni && (keys.includes('etcd') || keys.includes('etcd3'))
    },
    found: "Patroni's configuration, which says where an etcd is and not how it is configured",
  },
  {
    is: (document) =>
      /^(Secret|Service|ServiceAccount|PersistentVolumeClaim)$/.test(
        textAt(document, 'kind') ?? '',
      ),
    found: 'a resource of Kubernetes without a container',
  },
]

/** Recognised so that they can be named. */
export const notADeployment: FileForm = {
  name: 'none',
  title: 'no deployment of etcd',
  recognises: (content) => found(content) !== undefined,
  read: (content) => {
    const problem = { line: 1, expected: 'a deployment of etcd', found: found(content) ?? '' }
    return { members: [], problems: [problem] }
  },
}

function found({ text, documents }: FileContent): string | undefined {
  return (documents ?? []).map(namedAs).find(Boolean) ?? (documents ? undefined : nameText(text))
}

function namedAs(document: YamlValue): string | undefined {
  return lookalikes.find(({ is }) => is(document))?.found
}
