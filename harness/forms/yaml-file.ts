import { stringify } from 'yaml'
import { nearest } from '../core/nearest.ts'
import type { MemberConfiguration } from '../topology/member-configuration.ts'
import { everyYamlKey } from '../topology/options/options.ts'
import type {
  FileContent,
  FileForm,
  FileReading,
  GivenSetting,
  NotUnderstood,
} from './file-form.ts'
import type { Problem } from './form.ts'
import { isTemplate } from './text/unresolved.ts'
import { formatYaml, type YamlEntry, type YamlValue } from './text/yaml-document.ts'
import { typeOf } from './value-types.ts'
import { textOf, units } from './yaml-value.ts'

/**
 * etcd's own configuration file, as `--config-file` takes it: keys named as flags, with the TLS
 * settings in two maps, lists as lists, and durations as nanoseconds.
 */
export const yamlFile: FileForm = {
  name: 'yaml',
  title: "etcd's YAML configuration file",
  recognises: ({ documents }) => documents?.length === 1 && isConfiguration(documents[0]),
  read: ({ documents = [] }: FileContent) => readYamlSettings(documents[0]),
  write: (members) =>
    members.map(({ member, configuration }) => ({
      name: `${member}.yaml`,
      // A text without quotes is a number or a boolean to one YAML reader and none to the next.
      text: stringify(valuesOf(configuration), {
        ...{ defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 },
      }),
    })),
}

/**
 * Whether it has a key that only etcd has, such as `quota-backend-bytes`, or no more than a few others
 * beside etcd's own: a chart and a workflow have a `name` too.
 */
function isConfiguration(document: YamlValue | undefined): boolean {
  const keys = keysOf(document)
  const isKnown = (key: string) => flagsByKey.has(key) || Object.hasOwn(flagsByMap, key)
  const isOnlyEtcds = (key: string) => isKnown(key) && key.includes('-') && !common.has(key)
  const isLike = (key: string) => isKnown(key) || nearest(key, [...flagsByKey.keys()]) !== undefined
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

/** The configuration as the file has it: TLS settings in their maps, and each value in its type. */
function valuesOf(configuration: MemberConfiguration): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { name, value } of configuration) {
    const [map, key] = placeOf(name)
    const typed = typedValue(value, map === undefined ? typeOf(key) : typeInMap(name))
    if (map === undefined) values[key] = typed
    else values[map] = { ...(values[map] as object | undefined), [key]: typed }
  }
  return values
}

/** The map and the key of a flag. */
function placeOf(flag: string): readonly [map: string | undefined, key: string] {
  for (const [map, keys] of Object.entries(flagsByMap)) {
    const key = Object.keys(keys).find((each) => keys[each] === flag)
    if (key !== undefined) return [map, key]
  }
  return [undefined, [...flagsByKey].find(([, each]) => each === flag)?.[0] ?? flag]
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

/** The flags of the maps in the file, by the map and its key. */
const flagsByMap: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'client-transport-security': {
    'cert-file': 'cert-file',
    'key-file': 'key-file',
    'client-cert-file': 'client-cert-file',
    'client-key-file': 'client-key-file',
    'client-cert-auth': 'client-cert-auth',
    'trusted-ca-file': 'trusted-ca-file',
    'ca-file': 'ca-file',
    'auto-tls': 'auto-tls',
    'allowed-hostname': 'client-cert-allowed-hostname',
  },
  'peer-transport-security': {
    'cert-file': 'peer-cert-file',
    'key-file': 'peer-key-file',
    'client-cert-file': 'peer-client-cert-file',
    'client-key-file': 'peer-client-key-file',
    'client-cert-auth': 'peer-client-cert-auth',
    'trusted-ca-file': 'peer-trusted-ca-file',
    'ca-file': 'peer-ca-file',
    'auto-tls': 'peer-auto-tls',
    'allowed-cn': 'peer-cert-allowed-cn',
    'allowed-hostname': 'peer-cert-allowed-hostname',
    'skip-client-san-verification': 'peer-skip-client-san-verification',
  },
  'socket-options': {
    'reuse-port': 'socket-reuse-port',
    'reuse-address': 'socket-reuse-address',
  },
  'discovery-config': {
    token: 'discovery-token',
  },
}

/** Known as keys of the maps alone: at the top of the file etcd ignores them. */
function isOnlyInMaps(key: string): boolean {
  const isOwn = Object.values(flagsByMap).some((keys) => Object.hasOwn(keys, key))
  return isOwn || Object.hasOwn(flagsByMap, key)
}

/** The flag that sets what a key of the file's top level sets. */
const flagsByKey: ReadonlyMap<string, string> = new Map([
  ...everyYamlKey.filter((key) => !isOnlyInMaps(key)).map((key) => [key, key] as const),
  ['experimental-snapshot-catch-up-entries', 'experimental-snapshot-catchup-entries'],
])

export function keysOf(value: YamlValue | undefined): string[] {
  return value?.kind === 'map' ? value.entries.map(({ key }) => key) : []
}

/** The settings of a document; of a map in which only some keys are etcd's, those. */
export function readYamlSettings(document: YamlValue | undefined): FileReading {
  if (document?.kind !== 'map') {
    const found = document === undefined ? 'an empty file' : formatYaml(document)
    return { members: [], problems: [{ line: 1, expected: 'a map of settings', found }] }
  }
  const settings: GivenSetting[] = []
  const notUnderstood: NotUnderstood[] = []
  const problems: Problem[] = []
  const take = (flag: string, entry: YamlEntry, keys: readonly string[]) => {
    const type = keys.length > 1 ? typeInMap(flag) : typeOf(entry.key)
    const { value, problem } = textOf(entry, type)
    if (problem !== undefined) problems.push(problem)
    else if (value !== undefined)
      settings.push({ name: flag, value, line: entry.line, door: 'key', keys, ...openIn(value) })
  }
  for (const entry of document.entries) {
    const map = Object.hasOwn(flagsByMap, entry.key) ? flagsByMap[entry.key] : undefined
    const flag = flagsByKey.get(entry.key)
    if (map !== undefined && entry.value.kind === 'map') {
      for (const inner of entry.value.entries) {
        const known = Object.hasOwn(map, inner.key) ? map[inner.key] : undefined
        if (known !== undefined) take(known, inner, [entry.key, inner.key])
        else notUnderstood.push(unknownKey(inner, `${entry.key}.`, Object.keys(map)))
      }
    } else if (flag !== undefined) take(flag, entry, [entry.key])
    else notUnderstood.push(misplacedKey(entry) ?? unknownKey(entry, '', [...flagsByKey.keys()]))
  }
  return { members: [{ label: '', settings, notUnderstood }], problems }
}

const openIn = (value: string) => (isTemplate(value) ? ({ isUnresolved: true } as const) : {})

/** A TLS setting that stands beside its map instead of in it, under the name of its flag or its key. */
function misplacedKey({ key, value, line }: YamlEntry): NotUnderstood | undefined {
  for (const [map, keys] of Object.entries(flagsByMap)) {
    const inner = Object.keys(keys).find((each) => keys[each] === key || each === key)
    if (inner === undefined) continue
    const why = 'etcd ignores it here without a word: it stands in a map'
    return {
      setting: key,
      value: formatYaml(value),
      line,
      nearest: `${map}.${inner}`,
      why,
      isIgnored: true,
    }
  }
  return undefined
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

/** Those of the maps are texts, but for these. */
function typeInMap(flag: string): string {
  if (/-auth$|auto-tls$|^socket-|-verification$/.test(flag)) return 'bool'
  return /-allowed-/.test(flag) ? '[]string' : 'string'
}
