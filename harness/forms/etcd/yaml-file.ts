import { stringify } from 'yaml'
import { nearest } from '../../core/text/nearest.ts'
import type { MemberConfiguration } from '../../topology/member-configuration.ts'
import { gateOfFlag } from '../../topology/option-names.ts'
import type {
  FileContent,
  FileForm,
  FileReading,
  GivenSetting,
  NotUnderstood,
} from '../file-form.ts'
import type { Problem } from '../form.ts'
import { isMarked, isUnresolved, withoutMarks } from '../text/unresolved.ts'
import { formatYaml, readYaml, type YamlEntry, type YamlValue } from '../text/yaml-document.ts'
import { units } from './value-types.ts'
import {
  flagOfPath,
  hasNoFlag,
  isMapPath,
  keysIn,
  keysOfFlag,
  knownKey,
  placeInMap,
  typeAtPath,
} from './yaml-keys.ts'
import { isNull, textOf } from './yaml-value.ts'

/**
 * etcd's own configuration file, as `--config-file` takes it: keys named as flags, with the TLS
 * settings in two maps, lists as lists, and durations as nanoseconds.
 */
export const yamlFile: FileForm = {
  name: 'yaml',
  title: "etcd's YAML configuration file",
  recognises: ({ documents }) => documents?.length === 1 && isConfiguration(documents[0]),
  read: readFile,
  write: (members) =>
    members.map(({ member, configuration }) => ({
      name: `${member}.yaml`,
      // A text without quotes is a number or a boolean to one YAML reader and none to the next.
      text: stringify(valuesOf(configuration), {
        defaultStringType: 'QUOTE_DOUBLE',
        defaultKeyType: 'PLAIN',
        lineWidth: 0,
      }),
    })),
}

/** etcd reads the first document of a file, and no other. */
function readFile({ text, documents }: FileContent): FileReading {
  const syntax = documents === undefined ? readYaml(text).problems : []
  if (syntax.length > 0) return { members: [], problems: syntax }
  const reading = readYamlSettings(documents?.[0])
  const [, second] = documents ?? []
  if (second === undefined || isNull(second)) return reading
  const problem = {
    line: second.line,
    expected: 'one document',
    found: 'another, which etcd ignores',
  }
  return { ...reading, problems: [...reading.problems, problem] }
}

/**
 * Whether it has a key that only etcd has, such as `quota-backend-bytes`, or no more than a few others
 * beside etcd's own: a chart and a workflow have a `name` too.
 */
function isConfiguration(document: YamlValue | undefined): boolean {
  const keys = keysOf(document)
  const isKnown = (key: string) => flagOfPath(knownKey(key, '')) !== undefined || isMapPath(key)
  const isOnlyEtcds = (key: string) => isKnown(key) && key.includes('-') && !common.has(key)
  const isLike = (key: string) => isKnown(key) || nearest(key, keysIn('')) !== undefined
  const isSetting = ({ value }: YamlEntry) => value.kind === 'scalar'
  const known = document?.kind === 'map' ? document.entries.filter(({ key }) => isKnown(key)) : []
  if (!known.some(isSetting)) return keys.some(isOnlyEtcds)
  return keys.some(isOnlyEtcds) || keys.filter(isLike).length * 2 > keys.length
}

/** Keys that other programs have too. */
const common: ReadonlySet<string> = new Set([
  ...['data-dir', 'log-level', 'log-format', 'log-outputs', 'feature-gates', 'cipher-suites'],
  ...['cert-file', 'key-file', 'auto-tls', 'tls-min-version', 'tls-max-version'],
])

/** The configuration as the file has it: each value in its map, and in its type. */
function valuesOf(configuration: MemberConfiguration): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { name, value } of configuration) {
    const keys = keysOfFlag(name)
    let map = values
    for (const key of keys.slice(0, -1)) {
      map[key] ??= {}
      map = map[key] as Record<string, unknown>
    }
    map[keys.at(-1) ?? name] = typedValue(value, typeAtPath(keys.join('.')))
  }
  return values
}

function typedValue(value: string, type = 'string'): unknown {
  if (type === 'bool') return value === 'true'
  if (type === 'time.Duration') return nanosecondsOf(value)
  if (/^u?int/.test(type)) return BigInt(value)
  return type === '[]string' && value !== '' ? value.split(',') : value
}

/** `1m30s` → 90000000000. */
function nanosecondsOf(duration: string): bigint {
  const parts = [...duration.matchAll(/(\d+)(h|ms|m|s|us|ns)/g)]
  return parts.reduce((sum, [, count = '0', unit]) => {
    const size = units.find(([name]) => name === unit)?.[1] ?? 1n
    return sum + BigInt(count) * size
  }, 0n)
}

export function keysOf(value: YamlValue | undefined): string[] {
  return value?.kind === 'map' ? value.entries.map(({ key }) => key) : []
}

/** The settings of a document; of a map in which only some keys are etcd's, those. */
export function readYamlSettings(document: YamlValue | undefined): FileReading {
  if (document?.kind !== 'map') {
    const found = document === undefined ? 'an empty file' : formatYaml(document)
    return { members: [], problems: [{ line: 1, expected: 'a map of settings', found }] }
  }
  const { settings, ...rest } = readMap(document.entries, [])
  const member = { label: '', settings, notUnderstood: rest.notUnderstood }
  return { members: [member], problems: rest.problems }
}

function readMap(entries: readonly YamlEntry[], above: readonly string[]) {
  const settings: GivenSetting[] = []
  const notUnderstood: NotUnderstood[] = []
  const problems: Problem[] = []
  const prefix = above.map((key) => `${key}.`).join('')
  // Of two spellings of a key, etcd takes the one that sorts last.
  for (const entry of entries.toSorted(byFoldedKey)) {
    const keys = [...above, knownKey(entry.key, prefix)]
    const path = keys.join('.')
    const flag = flagOfPath(path)
    const { value, line } = entry
    if (entry.isReplaced) problems.push({ line, expected: `<< above ${entry.key}`, found: 'below' })
    if (flag !== undefined) {
      const { value: text, problem } = isOpen(value)
        ? { value: value.text }
        : textOf(entry, typeAtPath(path))
      if (problem !== undefined) problems.push(problem)
      else if (text !== undefined) settings.push({ ...settingAt(flag, text, line), keys })
    } else if (isMapPath(path) && value.kind === 'map') {
      const inner = readMap(value.entries, keys)
      settings.push(...inner.settings)
      notUnderstood.push(...inner.notUnderstood)
      problems.push(...inner.problems)
    } else if (isMapPath(path) && !isNull(value)) {
      problems.push({ line, expected: `a map for ${entry.key}`, found: formatYaml(value) })
    }
    if (isNull(value)) notUnderstood.push(...withoutValue(path, line))
    else if (flag === undefined && !isMapPath(path)) notUnderstood.push(unknownIn(entry, prefix))
  }
  return { settings, notUnderstood, problems }
}

/** A value that the script or the Compose file around it would fill in, in a type that nobody knows. */
function isOpen(value: YamlValue): value is Extract<YamlValue, { kind: 'scalar' }> {
  return value.kind === 'scalar' && isMarked(value.text)
}

function byFoldedKey(a: YamlEntry, b: YamlEntry): number {
  const isSame = a.key.toLowerCase() === b.key.toLowerCase()
  return isSame && a.key !== b.key ? (a.key < b.key ? -1 : 1) : 0
}

function settingAt(name: string, value: string, line: number): GivenSetting {
  const written = { name, value: withoutMarks(value), line, door: 'key' } as const
  return { ...written, ...(isUnresolved(value) && { isUnresolved: true }) }
}

/** A key without a value, which etcd leaves at its default, but for a few that end some versions. */
function withoutValue(path: string, line: number): NotUnderstood[] {
  const isGate = gateOfFlag(path) !== undefined || path === 'experimental-snapshot-catch-up-entries'
  const endsEtcd =
    path === 'peer-transport-security' ? 'empty-peer-tls-refused' : 'empty-gate-panics'
  if (endsEtcd === 'empty-gate-panics' && !isGate) return []
  const of = isGate ? '3.6' : 'from 3.6 on'
  return [{ setting: path, value: '', line, why: `without a value it ends etcd ${of}`, endsEtcd }]
}

function unknownIn(entry: YamlEntry, prefix: string): NotUnderstood {
  const path = prefix + entry.key
  if (hasNoFlag(path)) {
    const why = 'etcd takes it from a file alone, and members run here without it'
    return { setting: path, value: formatYaml(entry.value), line: entry.line, why }
  }
  const misplaced = prefix === '' ? misplacedKey(entry) : undefined
  return misplaced ?? unknownKey(entry, prefix, keysIn(prefix.slice(0, -1)))
}

/** A setting of a map that stands beside it, under the name of its flag or its key. */
function misplacedKey({ key, value, line }: YamlEntry): NotUnderstood | undefined {
  const nearest = placeInMap(key)
  const why = 'etcd ignores it here without a word: it stands in a map'
  if (nearest === undefined) return undefined
  return { setting: key, value: formatYaml(value), line, nearest, why, isIgnored: true }
}

function unknownKey(
  { key, value, line }: YamlEntry,
  prefix: string,
  known: readonly string[],
): NotUnderstood {
  const near = nearest(key, known)
  return {
    setting: `${prefix}${key}`,
    value: formatYaml(value),
    line,
    ...(near !== undefined && { nearest: `${prefix}${near}` }),
    isIgnored: true,
  }
}
