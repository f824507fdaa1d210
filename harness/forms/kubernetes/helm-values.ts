import { keysOf } from '../etcd/yaml-file.ts'
import type { FileForm } from '../file-form.ts'
import { fromVariables, type Variable, valueElsewhere } from '../given.ts'
import { formatYaml, itemsAt, textAt, valueAt, type YamlValue } from '../text/yaml-document.ts'

/** Keys that a chart of etcd has and etcd's own file has not. */
const ownKeys = ['replicaCount', 'extraEnvVars', 'autoCompactionMode', 'persistence']

/** The chart's own names for settings of etcd. */
const flagsOfChart: Readonly<Record<string, string>> = {
  autoCompactionMode: 'auto-compaction-mode',
  autoCompactionRetention: 'auto-compaction-retention',
  maxRequestBytes: 'max-request-bytes',
  maxTxnOps: 'max-txn-ops',
  logLevel: 'log-level',
}

/**
 * The values of a Helm chart of etcd: the chart's own variables are its own; of use here are the
 * `ETCD_` variables that it passes on and the few values that become one.
 */
export const helmValues: FileForm = {
  name: 'helm',
  title: 'the values of a Helm chart',
  recognises: ({ documents = [] }) => chartIn(documents[0]) !== undefined,
  read: ({ documents: [whole] = [] }) => {
    const document = chartIn(whole)
    const items = itemsAt(document, 'extraEnvVars')
    const variables = items.flatMap(variableOf)
    const elsewhere = items.flatMap(elsewhereOf)
    const entries = document?.kind === 'map' ? document.entries : []
    const fromChart = entries.flatMap(({ key, value, line }) => {
      const flag = Object.hasOwn(flagsOfChart, key) ? flagsOfChart[key] : undefined
      const text = formatYaml(value)
      return flag === undefined || text === ''
        ? []
        : [{ name: flag, value: text, line, door: 'variable' as const }]
    })
    const others = entries
      .filter(({ key }) => key !== 'extraEnvVars' && !Object.hasOwn(flagsOfChart, key))
      .map(({ key, value, line }) => ({
        setting: key,
        value: formatYaml(value),
        line,
        ...(key === 'configuration' && formatYaml(value) !== '' ? ownFile : forChart),
      }))
    const given = fromVariables(variables)
    const count = Number(textAt(document, 'replicaCount') ?? Number.NaN)
    const tag = valueAt(document, 'image', 'tag')
    return {
      members: [
        {
          label: '',
          settings: [...fromChart, ...given.settings],
          notUnderstood: [...given.notUnderstood, ...elsewhere, ...others],
          ...(Number.isInteger(count) && { count }),
          ...(tag?.kind === 'scalar' &&
            tag.text !== '' && { image: { reference: `etcd:${tag.text}`, line: tag.line } }),
        },
      ],
      problems: given.problems,
    }
  },
}

const forChart = { why: 'for the chart, not for etcd' }
/** etcd reads it in place of everything else. */
const ownFile = {
  why: 'a configuration file of etcd: give it as a file of its own',
  isUnresolved: true,
} as const

/** A variable from a ConfigMap, a secret or a field of the Pod. */
function elsewhereOf(item: YamlValue) {
  const name = textAt(item, 'name')
  if (name === undefined || valueAt(item, 'valueFrom') === undefined) return []
  return [valueElsewhere({ name, value: '', line: item.line })]
}

/** The values themselves, or those of the chart `etcd` within another chart's. */
function chartIn(values: YamlValue | undefined): YamlValue | undefined {
  const isChart = (value: YamlValue | undefined) =>
    keysOf(value).some((key) => ownKeys.includes(key))
  return isChart(valueAt(values, 'etcd'))
    ? valueAt(values, 'etcd')
    : isChart(values)
      ? values
      : undefined
}

function variableOf(item: YamlValue): Variable[] {
  const [name, value] = [textAt(item, 'name'), valueAt(item, 'value')]
  if (name === undefined || value?.kind !== 'scalar') return []
  return [{ name, value: value.text, line: value.line }]
}
