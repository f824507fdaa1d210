import { readYamlSettings } from '../etcd/yaml-file.ts'
import type { FileForm } from '../file-form.ts'
import type { YamlEntry, YamlValue } from '../text/yaml-document.ts'

/**
 * The configuration that etcd-druid writes: etcd's own YAML, but with URLs as maps by member, which
 * its wrapper replaces before etcd reads the file.
 */
export const druidConfig: FileForm = {
  name: 'druid',
  title: "etcd-druid's configuration",
  recognises: ({ documents = [] }) => documents.length === 1 && urlMapsOf(documents[0]).length > 0,
  read: ({ documents: [document] = [] }) => {
    const maps = urlMapsOf(document)
    const entries = document?.kind === 'map' ? document.entries : []
    const rest = entries.filter((entry) => !maps.includes(entry))
    const { members, problems } = readYamlSettings({ kind: 'map', line: 1, entries: rest })
    const notUnderstood = maps.map(({ key, line }) => ({
      setting: key,
      value: 'a map by member',
      line,
      why: 'etcd-druid writes the URLs by member; etcd reads one text',
    }))
    return {
      members: members.map((member) => ({
        ...member,
        notUnderstood: [...member.notUnderstood, ...notUnderstood],
      })),
      problems,
    }
  },
}

function urlMapsOf(document: YamlValue | undefined): YamlEntry[] {
  if (document?.kind !== 'map') return []
  return document.entries.filter(({ key, value }) => key.endsWith('-urls') && value.kind === 'map')
}
