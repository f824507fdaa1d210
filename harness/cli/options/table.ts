import { type Command, Option } from 'commander'
import { quoteForShell } from '../../forms/text/quote.ts'
import { type OptionValue, parseValue } from './value.ts'

/** An option of a command; without `value` and `values` it is a switch. */
export interface OptionRow<T = unknown> {
  /** As commander takes them: `--seed <number>`. */
  readonly flags: `--${string}`
  readonly description: string
  readonly value?: OptionValue<T>
  /** Of an option that may be given several times. */
  readonly values?: OptionValue<T>
  readonly default?: T
  /** The options, by their keys in the table, that exclude this one. */
  readonly conflicts?: readonly string[]
  /** Decides nothing about what a run does, so that its reproduce command leaves it out. */
  readonly isLocal?: true
}

/** Options by the name of their value: `allowEven` for `--allow-even`. */
// biome-ignore lint/suspicious/noExplicitAny: a table holds rows of different types
export type OptionTable = Readonly<Record<string, OptionRow<any>>>

/** The values that a table's options parse to. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Key in AlwaysSet<Table>]: ValueOf<Table[Key]>
} & {
  readonly [Key in Exclude<keyof Table, AlwaysSet<Table>>]?: ValueOf<Table[Key]>
}

type AlwaysSet<Table extends OptionTable> = {
  [Key in keyof Table]: Table[Key] extends { values: unknown } | { default: unknown } ? Key : never
}[keyof Table]

type ValueOf<Row> = Row extends { value: OptionValue<infer T> }
  ? T
  : Row extends { values: OptionValue<infer T> }
    ? readonly T[]
    : boolean

export function addOptions(command: Command, table: OptionTable): Command {
  for (const row of Object.values(table)) command.addOption(toCommander(row))
  return command
}

/**
 * The options as the user could type them again in a POSIX shell, in the table's order. Options
 * without a value and local ones are left out.
 */
export function formatOptions<Table extends OptionTable>(
  table: Table,
  values: Partial<ValuesOf<Table>>,
): string {
  const given: Readonly<Record<string, unknown>> = values
  return Object.entries(table)
    .filter(([, { isLocal }]) => isLocal !== true)
    .flatMap(([name, row]) => wordsOf(row, given[name]))
    .join(' ')
}

/** `--seed` of `--seed <number>`. */
const nameOf = ({ flags }: OptionRow) => flags.split(' ')[0] ?? flags

function toCommander(row: OptionRow): Option {
  const { flags, description, value, values, conflicts } = row
  const option = new Option(flags, description)
  const name = nameOf(row)
  if (value !== undefined) option.argParser((text) => parseValue(name, value, text))
  if (values !== undefined) {
    option.default([], 'none').argParser((text, previous: readonly unknown[]) => {
      return [...previous, parseValue(name, values, text)]
    })
  }
  // As the user would type it: commander itself shows JSON, such as 3000 for 3s.
  if (row.default !== undefined) option.default(row.default, value?.format(row.default))
  if (conflicts !== undefined) option.conflicts([...conflicts])
  const choices = (value ?? values)?.choices
  if (choices !== undefined) choicesByOption.set(option, choices)
  return option
}

const choicesByOption = new WeakMap<Option, readonly string[]>()

/** All values that an option of a table may have, where they are few. */
export const choicesOf = (option: Option): readonly string[] => choicesByOption.get(option) ?? []

function wordsOf(row: OptionRow, given: unknown): string[] {
  const name = nameOf(row)
  const { value, values } = row
  if (value !== undefined && given !== undefined) return [name, quoteForShell(value.format(given))]
  if (values !== undefined && Array.isArray(given)) {
    return given.flatMap((each) => [name, quoteForShell(values.format(each))])
  }
  return given === true ? [name] : []
}
