import { everyFlag } from '../../topology/options/options.ts'
import { argumentsOf, flagsIn, givenArguments } from '../deployers/extra-arguments.ts'
import type { FileForm, GivenSetting, MemberReading, NotUnderstood } from '../file-form.ts'
import {
  fromVariables,
  joinGiven,
  settingOf,
  typeProblems,
  type Variable,
  valueElsewhere,
} from '../given.ts'
import {
  entriesAt,
  formatYaml,
  itemsAt,
  textAt,
  valueAt,
  type YamlEntry,
  type YamlValue,
} from '../text/yaml-document.ts'
import { chartIn, holdsFlags, listsOfFlags } from './find-chart.ts'

/**
 * The values of a Helm chart of etcd: most are the chart's own; of use here are its extra arguments,
 * the `ETCD_` variables that it passes on, and the values with the names of etcd's flags.
 */
export const helmValues: FileForm = {
  name: 'helm',
  title: 'the values of a Helm chart',
  recognises: ({ documents = [] }) => chartIn(documents[0]) !== undefined,
  read: ({ documents: [whole] = [] }) => {
    const chart = chartIn(whole)
    const lists = listsOfFlags(chart)
    const values = namedAsFlags(chart)
    const items = variableLists.flatMap((key) => itemsAt(chart, key))
    const given = joinGiven(
      { settings: values.map(settingOfValue), notUnderstood: [], problems: [] },
      fromVariables(items.flatMap(variableOf)),
      ...lists.map(({ value }) =>
        givenArguments(value.kind === 'map' ? argumentsOf(value) : flagsIn(value)),
      ),
    )
    const others = unreadOf(chart, new Set(values.map(({ line }) => line)))
    const member: MemberReading = {
      label: '',
      settings: given.settings,
      notUnderstood: [...given.notUnderstood, ...items.flatMap(elsewhereOf), ...others],
      ...countOf(chart),
      ...imageOf(chart),
    }
    return { members: [member], problems: [...given.problems, ...typeProblems(given.settings)] }
  },
}

const variableLists = ['extraEnvVars', 'extraEnv', 'env', 'envs']

/** `quotaBackendBytes` is etcd's quota-backend-bytes, at the top or in a map `config`. */
function namedAsFlags(chart: YamlValue | undefined): readonly YamlEntry[] {
  return [...entriesAt(chart), ...entriesAt(chart, 'config')].filter(
    ({ key, value }) => flagOfKey(key) !== undefined && formatYaml(value) !== '',
  )
}

/** A name of one word, such as `metrics` or `name`, has another meaning to a chart. */
function flagOfKey(key: string): string | undefined {
  const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return /^[a-z]+[A-Z]/.test(key) && everyFlag.includes(flag) ? flag : undefined
}

function settingOfValue({ key, value, line }: YamlEntry): GivenSetting {
  return settingOf({ name: flagOfKey(key) ?? key, value: formatYaml(value), line }, 'variable')
}

/** The chart's own values, and those in its map `config`. */
function unreadOf(chart: YamlValue | undefined, read: ReadonlySet<number>): NotUnderstood[] {
  const isConfig = ({ key, value }: YamlEntry) => key === 'config' && value.kind === 'map'
  return entriesAt(chart)
    .flatMap((entry) => (isConfig(entry) ? entriesAt(entry.value) : [entry]))
    .filter(({ key, line }) => !read.has(line) && !variableLists.includes(key))
    .filter((entry) => !holdsFlags(entry))
    .map(({ key, value, line }) => ({
      setting: key,
      value: formatYaml(value),
      line,
      ...(key === 'configuration' && formatYaml(value) !== '' ? ownFile : forChart),
    }))
}

const forChart = { why: 'for the chart, not for etcd' }
/** etcd reads it in place of everything else. */
const ownFile = {
  why: 'a configuration file of etcd: give it as a file of its own',
  isUnresolved: true,
} as const

function countOf(chart: YamlValue | undefined): Pick<MemberReading, 'count'> {
  const count = Number(textAt(chart, 'replicaCount') ?? textAt(chart, 'replicas') ?? Number.NaN)
  return Number.isInteger(count) && count > 0 ? { count } : {}
}

/** `image: quay.io/coreos/etcd:v3.5.9`, or a map with a repository and a tag. */
function imageOf(chart: YamlValue | undefined): Pick<MemberReading, 'image'> {
  const image = valueAt(chart, 'image')
  if (image?.kind === 'scalar' && image.text !== '') {
    return { image: { reference: image.text, line: image.line } }
  }
  const tag = valueAt(image, 'tag')
  if (tag?.kind !== 'scalar' || tag.text === '') return {}
  const reference = `${textAt(image, 'repository') ?? 'etcd'}:${tag.text}`
  return { image: { reference, line: tag.line } }
}

/** A variable from a ConfigMap, a secret or a field of the Pod. */
function elsewhereOf(item: YamlValue) {
  const name = textAt(item, 'name')
  if (name === undefined || valueAt(item, 'valueFrom') === undefined) return []
  return [valueElsewhere({ name, value: '', line: item.line })]
}

function variableOf(item: YamlValue): Variable[] {
  const [name, value] = [textAt(item, 'name'), valueAt(item, 'value')]
  if (name === undefined || value?.kind !== 'scalar') return []
  return [{ name, value: value.text, line: value.line }]
}
