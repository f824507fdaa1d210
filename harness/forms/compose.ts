import { type ContainerCommand, collect, isEtcdImage } from './container-command.ts'
import type { FileForm, ReadFile } from './file-form.ts'
import type { Variable } from './given.ts'
import { shellWords } from './text/shell.ts'
import {
  entriesAt,
  entryOf,
  formatYaml,
  itemsAt,
  textAt,
  valueAt,
  type YamlEntry,
  type YamlValue,
} from './text/yaml-document.ts'

/** A Compose file: every service that starts etcd is a member. */
export const compose: FileForm = {
  name: 'compose',
  title: 'a Compose file',
  recognises: ({ documents = [] }) =>
    entriesAt(documents[0], 'services').some(({ value }) => value.kind === 'map'),
  read: ({ documents = [] }) => {
    const reading = collect(entriesAt(documents[0], 'services').map(serviceOf))
    if (reading.members.length > 0) return reading
    const problem = { line: 1, expected: 'a service that starts etcd', found: 'none' }
    return { members: [], problems: [...reading.problems, problem] }
  },
}

function serviceOf({ key, value: service }: YamlEntry): ContainerCommand {
  const image = valueAt(service, 'image')
  const reference = interpolate(textAt(service, 'image') ?? '')
  const reads = readsOf(entryOf(service, 'env_file')?.value)
  return {
    label: key,
    words: [...wordsOf(valueAt(service, 'entrypoint')), ...wordsOf(valueAt(service, 'command'))],
    variables: variablesOf(valueAt(service, 'environment')),
    ...(image !== undefined && reference !== '' && { image: { reference, line: image.line } }),
    ...(reads.length > 0 && { reads }),
    isEtcdImage: isEtcdImage(reference),
  }
}

/** A list of words, or a command line that is split as a shell splits it. */
function wordsOf(value: YamlValue | undefined): { text: string; line: number }[] {
  if (value === undefined) return []
  if (value.kind === 'list') {
    return value.items.map((item) => ({ text: interpolate(formatYaml(item)), line: item.line }))
  }
  if (value.kind === 'map') return []
  return shellWords(interpolate(value.text)).map((text) => ({ text, line: value.line }))
}

/** `environment` is a map or a list of `NAME=value`; a name alone comes from elsewhere. */
function variablesOf(value: YamlValue | undefined): Variable[] {
  if (value?.kind === 'map') {
    return value.entries.flatMap(({ key, line, value: of }) =>
      of.kind === 'scalar' && of.type !== 'null'
        ? [{ name: key, value: interpolate(of.text), line }]
        : [],
    )
  }
  return itemsAt(value).flatMap((item) => {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(formatYaml(item)) ?? []
    if (name === undefined || text === undefined) return []
    return [{ name, value: interpolate(text), line: item.line }]
  })
}

function readsOf(value: YamlValue | undefined): ReadFile[] {
  const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value]
  return items.map((item) => ({
    kind: 'environment' as const,
    path: item.kind === 'map' ? (textAt(item, 'path') ?? '') : formatYaml(item),
    line: item.line,
    isOptional: textAt(item, 'required') === 'false',
  }))
}

/** Compose's `${NAME:-default}`: the default; without one it is empty, as Compose has it. */
function interpolate(text: string): string {
  return text.replaceAll(
    /\$\$|\$\{\w+(?::?[-?+]([^}]*))?\}|\$\w+/g,
    (match, fallback: string | undefined) =>
      match === '$$' ? '$' : /^\$\{\w+:?-/.test(match) ? (fallback ?? '') : '',
  )
}
