import type { NotUnderstood, ReadFile } from '../file-form.ts'
import type { Problem } from '../form.ts'
import { type Variable, valueElsewhere } from '../given.ts'
import { composeWords } from '../text/compose-words.ts'
import type { Word } from '../text/etcd-command.ts'
import { isEtcdImage } from '../text/find-etcd.ts'
import type { Variables } from '../text/shell-parameters.ts'
import { withoutMarks } from '../text/unresolved.ts'
import {
  entriesAt,
  entryOf,
  formatYaml,
  itemsAt,
  textAt,
  valueAt,
  type YamlEntry,
  type YamlValue,
} from '../text/yaml-document.ts'
import type { ContainerCommand } from './container-command.ts'

/** The services of a Compose file; what has a name alone in `environment` has the value of the variables. */
export function servicesOf(
  document: YamlValue | undefined,
  variables: Variables,
): readonly ContainerCommand[] {
  return entriesAt(document, 'services').map((entry) => {
    const { service, missing } = extended(entry.value, document, 0)
    const read = serviceOf({ ...entry, value: service }, variables)
    return missing === undefined ? read : { ...read, unknown: [...(read.unknown ?? []), missing] }
  })
}

interface Extended {
  readonly service: YamlValue
  /** The service of another file that it begins with. */
  readonly missing?: NotUnderstood
}

/** The service with what it takes from another one by `extends`: maps are merged, the rest is replaced. */
function extended(service: YamlValue, document: YamlValue | undefined, depth: number): Extended {
  const entry = entryOf(service, 'extends')
  if (entry === undefined || service.kind !== 'map' || depth > mostExtended) return { service }
  const name = textAt(service, 'extends') ?? textAt(service, 'extends', 'service') ?? ''
  const file = textAt(service, 'extends', 'file')
  const base = file === undefined ? valueAt(document, 'services', name) : undefined
  if (base === undefined) {
    const value = [file, name].filter(Boolean).join(': ')
    const why = 'it is a service of another file, which is not read'
    const missing = {
      setting: 'extends',
      value,
      line: entry.line,
      why,
      isUnresolved: true,
    } as const
    return { service, missing }
  }
  const whole = extended(base, document, depth + 1)
  return { ...whole, service: mergeEntries(whole.service, service) }
}

const mostExtended = 10

/** The file with its overrides, which stand behind it. */
export function mergeDocuments(documents: readonly YamlValue[]): YamlValue | undefined {
  const [first, ...rest] = documents
  return first && rest.reduce(mergeEntries, first)
}

function mergeEntries(base: YamlValue, own: YamlValue): YamlValue {
  if (own.kind === 'list' && base.kind === 'list') {
    return { ...own, items: [...base.items, ...own.items] }
  }
  if (base.kind !== 'map' || own.kind !== 'map') return own
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]))
  for (const entry of own.entries) {
    const former = entries.get(entry.key)
    const isReplaced = former === undefined || /^(command|entrypoint)$/.test(entry.key)
    const value = isReplaced ? entry.value : mergeEntries(former.value, entry.value)
    entries.set(entry.key, { ...entry, value })
  }
  return { ...own, entries: [...entries.values()] }
}

function serviceOf(
  { key, value: service, line }: YamlEntry,
  variables: Variables,
): ContainerCommand {
  const image = valueAt(service, 'image')
  const reference = textAt(service, 'image') ?? ''
  const replicas = Number(textAt(service, 'deploy', 'replicas') ?? textAt(service, 'scale') ?? 0)
  const parts = ['entrypoint', 'command'].map((part) => wordsOf(valueAt(service, part)))
  return {
    label: key,
    line,
    ...(valueAt(service, 'build') !== undefined && { isBuilt: true as const }),
    words: parts.flatMap(({ words }) => words),
    problems: parts.flatMap(({ problem }) => problem ?? []),
    ...environmentOf(valueAt(service, 'environment'), variables),
    ...(image !== undefined &&
      reference !== '' && { image: { reference: withoutMarks(reference), line: image.line } }),
    reads: [...readsOf(valueAt(service, 'env_file')), defaults],
    isEtcdImage: isEtcdImage(reference),
    ...(replicas > 1 && { count: replicas }),
  }
}

/** Compose reads it beside the file, where there is one. */
const defaults: ReadFile = {
  kind: 'defaults',
  reader: 'compose',
  path: '.env',
  line: 1,
  isOptional: true,
  expands: true,
}

/** A list of words, or a command line. */
function wordsOf(value: YamlValue | undefined): {
  readonly words: readonly Word[]
  readonly problem?: Problem
} {
  if (value === undefined || value.kind === 'map') return { words: [] }
  if (value.kind === 'list') {
    const words = value.items.map((item) => ({
      text: formatYaml(item),
      line: item.kind === 'scalar' ? item.textLine : item.line,
    }))
    return { words }
  }
  const lines = value.rawLines ?? [value.text]
  const texts = composeWords(value.text)
  if (texts === undefined) {
    const expected = 'words with closed quotes and no parentheses'
    return { words: [], problem: { line: value.textLine, expected, found: value.text } }
  }
  const words = texts.map((text) => {
    const at = lines.findIndex((line) => line.includes(text))
    return { text, line: at < 0 ? value.textLine : value.line + at }
  })
  return { words }
}

/** `environment` is a map or a list of `NAME=value`; a name alone has its value from elsewhere. */
function environmentOf(value: YamlValue | undefined, known: Variables) {
  const pairs = value?.kind === 'map' ? value.entries.map(pairOf) : itemsAt(value).map(assignmentOf)
  const variables: Variable[] = []
  const unknown: NotUnderstood[] = []
  for (const { name, text = known.get(name), line } of pairs) {
    if (text !== undefined) variables.push({ name, value: text, line })
    else if (name.startsWith('ETCD_')) {
      unknown.push(valueElsewhere({ name, value: '', line }))
    }
  }
  return { variables, unknown }
}

function pairOf({ key, line, value }: YamlEntry) {
  const isGiven = value.kind === 'scalar' && value.type !== 'null'
  return { name: key, line, text: isGiven ? value.text : undefined }
}

function assignmentOf(item: YamlValue) {
  const [name = '', ...rest] = formatYaml(item).split('=')
  return { name, line: item.line, text: rest.length > 0 ? rest.join('=') : undefined }
}

function readsOf(value: YamlValue | undefined): ReadFile[] {
  const items = value?.kind === 'list' ? value.items : value === undefined ? [] : [value]
  return items.map((item) => ({
    kind: 'environment' as const,
    reader: textAt(item, 'format') === 'raw' ? ('runtime' as const) : ('compose' as const),
    path: withoutMarks(item.kind === 'map' ? (textAt(item, 'path') ?? '') : formatYaml(item)),
    line: item.line,
    isOptional: textAt(item, 'required') === 'false',
  }))
}
