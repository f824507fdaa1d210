import type { Command } from 'commander'
import { InputError } from '../../core/errors.ts'
import type { OptionRow, OptionTable } from '../options/table.ts'
import { parseValue } from '../options/value.ts'
import { readConfig } from './read-config.ts'

/** What one source says of an option, and how an error calls it. */
interface Given {
  readonly label: string
  readonly value: unknown
}

/**
 * The command's options with what the environment (`GAUNTLET_MEMBERS=5`) and the file say of those
 * that no flag names: flags win over the environment, and that one over the file. A lower source does
 * not set what excludes an option of a higher one. Throws an InputError for the first wrong value.
 */
export async function layerOptions<Options extends object>(
  command: Command,
  table: OptionTable,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly options: Options; readonly suites: readonly string[] }> {
  const isGiven = (key: string) => command.getOptionValueSource(key) === 'cli'
  const options: Record<string, unknown> = { ...command.opts() }
  const found = await readConfig({
    file: (options.config as string | undefined) ?? environment.GAUNTLET_CONFIG,
    profile: (options.profile as string | undefined) ?? environment.GAUNTLET_PROFILE,
    known: [...configurable(table), 'suites'],
  })
  const decided = new Set(Object.keys(table).filter(isGiven))
  const sources = [
    (key: string) => fromEnvironment(key, table[key] as OptionRow, environment),
    (key: string) => found && fromFile(key, found),
  ]
  for (const source of sources) {
    const chosen = configurable(table).flatMap((key) => {
      const given = decided.has(key) ? undefined : source(key)
      return given === undefined || isExcluded(key, table, decided) ? [] : [{ key, given }]
    })
    for (const { key, given } of chosen) {
      options[key] = parseGiven(table[key] as OptionRow, given)
      decided.add(key)
    }
  }
  return { options: options as Options, suites: found ? suitesOf(found) : [] }
}

/** What says something of a run itself; such as `--json` is of one call. */
function configurable(table: OptionTable): string[] {
  const perCall = ['config', 'profile', 'json', 'dryRun', 'shard', 'matrix', 'selfTests', 'write']
  return Object.keys(table).filter((key) => !perCall.includes(key))
}

/** `GAUNTLET_ALLOW_EVEN` of `allowEven`. */
export function gauntletVariableOf(key: string): string {
  return `GAUNTLET_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function fromEnvironment(
  key: string,
  { value, values }: OptionRow,
  environment: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const label = gauntletVariableOf(key)
  const text = environment[label]
  if (text === undefined || text === '') return undefined
  if (values !== undefined) return { label, value: text.split('\n').filter((line) => line !== '') }
  return { label, value: value === undefined ? switchOf(text) : text }
}

const switchOf = (text: string): unknown =>
  ({ 1: true, true: true, 0: false, false: false })[text] ?? text

function fromFile(
  key: string,
  { file, fields }: { readonly file: string; readonly fields: Readonly<Record<string, unknown>> },
): Given | undefined {
  const value = fields[key]
  return value === undefined ? undefined : { label: `${key}\` of \`${file}`, value }
}

function parseGiven({ value, values }: OptionRow, { label, value: given }: Given): unknown {
  if (values !== undefined) {
    if (Array.isArray(given))
      return given.map((each) => parseValue(label, values, textOf(each, label)))
    throw wrongValue(label, 'a list', given)
  }
  if (value !== undefined) return parseValue(label, value, textOf(given, label))
  if (typeof given === 'boolean') return given
  throw wrongValue(label, 'true or false', given)
}

function textOf(given: unknown, label: string): string {
  if (typeof given === 'string') return given
  if (typeof given === 'number') return String(given)
  throw wrongValue(label, 'a text or a number', given)
}

function wrongValue(label: string, expected: string, given: unknown): InputError {
  return new InputError(`Expected \`${label}\` to be ${expected}, got ${JSON.stringify(given)}`)
}

function isExcluded(key: string, table: OptionTable, decided: ReadonlySet<string>): boolean {
  const excludes = (one: string, other: string) => table[one]?.conflicts?.includes(other) === true
  return [...decided].some((other) => excludes(key, other) || excludes(other, key))
}

function suitesOf({ file, fields }: { file: string; fields: Readonly<Record<string, unknown>> }) {
  const { suites = [] } = fields
  if (Array.isArray(suites) && suites.every((one) => typeof one === 'string')) {
    return suites as readonly string[]
  }
  throw wrongValue(`suites\` of \`${file}`, 'a list of names', suites)
}
