import type { DocumentedOption, WrongRow } from '../fixtures/options/documented-options.ts'
import { variableOf } from '../harness/forms/etcd/flags.ts'
import { knownVersions } from '../harness/topology/options/flag-table.ts'
import {
  defaultsOf,
  everyYamlKey,
  flagAt,
  yamlTypeAt,
} from '../harness/topology/options/options.ts'
import { markdownTable } from './markdown-table.ts'

/** Every documented option: where it is set, its defaults by version, how its effect is seen. */
export function optionsTable(rows: readonly DocumentedOption[]): string {
  const titles = ['option', 'group', 'variable', 'in a YAML file', 'default', 'seen by']
  const lines = rows.map(({ option, group, seen, how }) => [
    `\`${option}\``,
    group,
    isFlagAlone(option) ? '' : `\`${variableOf(option)}\``,
    keyOf(option),
    formatDefaults(option),
    seen === 'unobserved' ? `not observed: ${how}` : how,
  ])
  return markdownTable(titles, lines)
}

/** The rows that the documents have wrong for some version, with what is so instead. */
export function wrongTable(
  rows: readonly DocumentedOption[],
  further: readonly WrongRow[],
): string {
  const found = rows.flatMap((row) => [...wrongDefault(row), ...wrongVariable(row)])
  const lines = [...found, ...further].map(({ option, documented, actual }) => [
    ...[`\`${option}\``, documented, actual],
  ])
  return markdownTable(['option', 'documented', 'actual, and since when'], lines)
}

function wrongDefault({ option, documentedDefault }: DocumentedOption): WrongRow[] {
  if (isFlagAlone(option)) return []
  const isWrong = changesOf(option).some(({ value }) => value !== documentedDefault)
  if (!isWrong) return []
  return [
    {
      option,
      documented: `the default is ${formatValue(documentedDefault)}`,
      actual: formatDefaults(option),
    },
  ]
}

function wrongVariable({ option, documentedVariable }: DocumentedOption): WrongRow[] {
  const actual = variableOf(option)
  if (documentedVariable === '' || documentedVariable === actual) return []
  const isNone = documentedVariable.startsWith('(')
  return [
    {
      option,
      documented: isNone ? 'no variable sets it' : `the variable is \`${documentedVariable}\``,
      actual: `the variable is \`${actual}\`, in every version that has the option`,
    },
  ]
}

/** For one start of the program: no table of versions has them. */
function isFlagAlone(option: string): boolean {
  return knownVersions.every((version) => flagAt(version, option) === undefined)
}

/** The default from each version on in which it changes; undefined where the option is gone. */
function changesOf(option: string) {
  return defaultsOf(option)
    .map(([version, flag]) => {
      return { version, value: flag && (flag.default ?? '').replace(' [DEPRECATED]', '') }
    })
    .filter(({ value }, index, all) => index === 0 || value !== all[index - 1]?.value)
}

function formatDefaults(option: string): string {
  if (isFlagAlone(option)) return ''
  return changesOf(option)
    .map(({ version, value }, index) => {
      const text = value === undefined ? 'no such option' : formatValue(value)
      return index === 0 ? text : `${text} from ${version} on`
    })
    .join('; ')
}

function formatValue(value: string): string {
  return value === '' ? 'empty' : `\`${value}\``
}

function keyOf(option: string): string {
  if (isFlagAlone(option)) return ''
  const map = option.startsWith('peer-') ? 'peer-transport-security' : 'client-transport-security'
  const inner = option.replace(/^peer-(cert-(?=allowed))?/, '')
  if (everyYamlKey.includes(option) && !isInMaps(option)) return `\`${option}\``
  return everyYamlKey.includes(inner) && isInMaps(inner) ? `\`${inner}\` in \`${map}\`` : 'none'
}

/** Keys that stand in the maps of TLS settings alone. */
function isInMaps(key: string): boolean {
  const isKey = yamlTypeAt(knownVersions[0], key) ?? yamlTypeAt('3.7.1', key)
  return (
    isKey !== undefined &&
    /^(allowed-|auto-tls|ca-file|cert-file|client-cert|client-key|key-file|trusted-ca)/.test(key)
  )
}
