import { everyFlag } from '../../topology/options/options.ts'
import { keysOf } from '../etcd/yaml-file.ts'
import { entriesAt, formatYaml, type YamlEntry, type YamlValue } from '../text/yaml-document.ts'

/** Keys that a chart of etcd has and etcd's own file has not. */
const ownKeys = ['replicaCount', 'extraEnvVars', 'autoCompactionMode', 'persistence']

/**
 * The part of a chart's values that is for etcd: a map `etcd` within them, the nearest to the top, or the
 * values themselves.
 */
export function chartIn(values: YamlValue | undefined): YamlValue | undefined {
  return withinKey(values, 0) ?? (isChart(values) ? values : undefined)
}

const mostDepth = 6

function withinKey(values: YamlValue | undefined, depth: number): YamlValue | undefined {
  if (depth > mostDepth) return undefined
  const entries = entriesAt(values)
  const named = entries.find(({ key, value }) => key === 'etcd' && isForEtcd(value))
  if (named !== undefined) return narrowest(named.value)
  for (const { value } of entries) {
    const found = withinKey(value, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** Within `etcd`, a container of the name has what is its own. */
function narrowest(chart: YamlValue): YamlValue {
  return isChart(chart) ? chart : (withinKey(chart, 0) ?? chart)
}

function isChart(value: YamlValue | undefined): boolean {
  return keysOf(value).some((key) => ownKeys.includes(key))
}

function isForEtcd(value: YamlValue): boolean {
  return isChart(value) || listsOfFlags(value).length > 0
}

/** The lists and maps of flags of etcd within a part of a chart, wherever it keeps them. */
export function listsOfFlags(part: YamlValue | undefined, depth = 0): readonly YamlEntry[] {
  if (depth > mostDepth) return []
  return entriesAt(part).flatMap((entry) =>
    hasFlags(entry) ? [entry] : listsOfFlags(entry.value, depth + 1),
  )
}

/** Whether a value is such a list, or has one within it. */
export function holdsFlags(entry: YamlEntry): boolean {
  return hasFlags(entry) || listsOfFlags(entry.value).length > 0
}

/** One of its flags is etcd's: those of other programs are no flags of etcd's. */
function hasFlags({ key, value }: YamlEntry): boolean {
  if (value.kind === 'list') return value.items.map(formatYaml).some(isFlagOfEtcd)
  const isExtra = /^extra(_?[Aa]rgs|Flags)$/.test(key)
  return isExtra && entriesAt(value).some((entry) => everyFlag.includes(entry.key))
}

function isFlagOfEtcd(word: string): boolean {
  const [, flag = ''] = /^--?([a-z][\w-]*)(?==|$)/.exec(word) ?? []
  return everyFlag.includes(flag)
}
