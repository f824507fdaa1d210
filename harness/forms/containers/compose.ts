import type { FileForm } from '../file-form.ts'
import { embeddedFile } from '../kubernetes/kubernetes.ts'
import { entriesAt, itemsAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'
import { interpolateValues } from './compose-interpolation.ts'
import { mergeDocuments, servicesOf } from './compose-services.ts'
import { writeCompose } from './compose-writer.ts'
import { readContainers } from './container-command.ts'
import { nothingStarted } from './nothing-started.ts'

/** A Compose file: every service that starts etcd is a member. */
export const compose: FileForm = {
  name: 'compose',
  title: 'a Compose file',
  recognises: ({ documents = [] }) =>
    entriesAt(documents[0], 'services').some(({ value }) => value.kind === 'map'),
  read: ({ documents = [] }, variables = new Map()) => {
    const read = documents.map((document) => interpolateValues(document, variables))
    const wrong = read.flatMap(({ problems }) => problems)
    if (wrong.length > 0) return { members: [], problems: wrong }
    const document = mergeDocuments(read.map((each) => each.document))
    const services = servicesOf(document, variables)
    const reading = readContainers(services)
    const files = filesOf(document)
    if (reading.members.length > 0 || reading.problems.length > 0) return { ...reading, files }
    const expected = 'a service that starts etcd'
    const whole = 'give the file that this one overrides, too'
    return { members: [], problems: [nothingStarted(services, { expected, whole })] }
  },
  write: (members) => [{ name: 'compose.yaml', text: writeCompose(members) }],
}

/** The texts of `configs:`, by the paths at which services mount them. */
function filesOf(document: YamlValue | undefined) {
  return entriesAt(document, 'configs').flatMap(({ key, value }) => {
    const content = valueAt(value, 'content')
    if (content?.kind !== 'scalar') return []
    const placed = { text: content.text, line: content.textLine }
    return targetsOf(document, key).map((name) => embeddedFile(name, placed))
  })
}

function targetsOf(document: YamlValue | undefined, config: string): string[] {
  const mounts = entriesAt(document, 'services').flatMap(({ value }) => itemsAt(value, 'configs'))
  const targets = mounts.flatMap((mount) => {
    const target = textAt(mount, 'target')
    return textAt(mount, 'source') === config && target !== undefined ? [target] : []
  })
  return targets.length > 0 ? [...new Set(targets)] : [config]
}
