import { knownVersions } from '../topology/options/flag-table.ts'
import { everyYamlKey, yamlTypeAt } from '../topology/options/options.ts'
import { isValidValue } from './boolean-flags.ts'
import type { Problem, Setting } from './form.ts'

/** The Go type of a flag, by the key of the same name in a YAML file; undefined where none has it. */
export function typeOf(flag: string): string | undefined {
  if (!everyYamlKey.includes(flag)) return undefined
  return knownVersions.map((version) => yamlTypeAt(version, flag)).findLast(Boolean)
}

/** What keeps etcd from reading the value of a flag or a variable; empty when nothing does. */
export function typeProblem({ name, value, line }: Setting): Problem[] {
  const expected = expectedOf(name, value)
  return expected === undefined ? [] : [{ line, expected, found: value === '' ? 'nothing' : value }]
}

function expectedOf(name: string, value: string): string | undefined {
  const type = typeOf(name) ?? ''
  if (!isValidValue(name, value)) return `true or false for ${name}`
  if (/^u?int/.test(type) && !isGoInteger(value, type)) return `a whole number for ${name}`
  if (type === 'time.Duration' && !isGoDuration(value)) {
    return `a duration such as 5s or 500ms for ${name}`
  }
  return undefined
}

/** What Go's strconv.ParseInt and ParseUint accept with base 0. */
function isGoInteger(text: string, type: string): boolean {
  const digits = /^([+-]?)(0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[\d_]+)$/.exec(text)
  return digits !== null && !(type.startsWith('u') && digits[1] !== '')
}

/** What Go's time.ParseDuration accepts. */
function isGoDuration(text: string): boolean {
  return /^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text)
}
