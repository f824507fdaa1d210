import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'
import { etcdSourceOf } from '../input/etcd-source.ts'
import { clusterOptions } from '../options/cluster.ts'
import type { RunOptions } from '../options/run.ts'
import { type OptionValue, parseValue } from '../options/value.ts'

/** One dimension of a matrix, as `--matrix etcd=3.4.23,3.5.30` gives it. */
export interface MatrixAxis {
  readonly name: string
  readonly values: readonly string[]
}

/** One run of a matrix: a value of each axis, and the options that they make of the user's. */
export interface PlannedCell {
  /** Its values, such as `3.5.30 arm64`. */
  readonly name: string
  readonly values: Readonly<Record<string, string>>
  readonly options: RunOptions
}

/** What an axis sets, and the options of the command line that say the same. */
interface AxisKind {
  readonly replaces: readonly (keyof RunOptions)[]
  readonly apply: (text: string) => Partial<RunOptions>
}

const kinds: Readonly<Record<string, AxisKind>> = {
  etcd: {
    replaces: ['etcd', 'image', 'binaries', 'tarball', 'sha256'],
    apply: (text) => ({ [etcdSourceOf(text, '--matrix etcd')]: text }),
  },
  arch: {
    replaces: ['arch'],
    apply: (text) => ({ arch: readValue('arch', clusterOptions.arch.value, text) }),
  },
  members: {
    replaces: ['members'],
    apply: (text) => ({ members: readValue('members', clusterOptions.members.value, text) }),
  },
  tls: {
    replaces: ['tls'],
    apply: (text) => ({ tls: readValue('tls', clusterOptions.tls.value, text) }),
  },
  door: {
    replaces: ['door'],
    apply: (text) => ({ door: readValue('door', clusterOptions.door.value, text) }),
  },
}

const readValue = <T>(axis: string, value: OptionValue<T>, text: string): T =>
  parseValue(`--matrix ${axis}`, value, text)

/** Throws an InputError for what is no axis, for one given twice, and for a value that is missing. */
export function parseAxes(texts: readonly string[]): MatrixAxis[] {
  const axes = texts.map(parseAxis)
  const names = axes.map(({ name }) => name)
  const twice = findRepeated(names)
  if (twice === undefined) return axes
  throw wrong(`to be given once for each axis, got ${twice} twice`)
}

function parseAxis(text: string): MatrixAxis {
  const [name = '', ...rest] = text.split('=')
  const values = rest.join('=').split(',')
  const known = Object.keys(kinds)
  if (!known.includes(name)) {
    const hint = suggestion(name, known)
    throw wrong(`to be axis=value,… with an axis of ${known.join(', ')}, got \`${text}\`${hint}`)
  }
  if (values.some((value) => value.trim() === '')) {
    throw wrong(`${name} to have values, separated by commas, got \`${text}\``)
  }
  const twice = findRepeated(values)
  if (twice === undefined) return { name, values }
  throw wrong(`${name} to have different values, got ${twice} twice`)
}

/**
 * The product of the axes, the last one varying first. Throws an InputError for a value that its axis
 * cannot have, and for an option of the command line (`given`) that an axis sets too.
 */
export function planCells(
  axes: readonly MatrixAxis[],
  options: RunOptions,
  given: readonly string[] = [],
): PlannedCell[] {
  for (const { name } of axes) expectNoSecond(name, given)
  return product(axes).map((values) => ({
    name: Object.values(values).join(' '),
    values,
    options: Object.entries(values).reduce(applyValue, { ...options, matrix: [] }),
  }))
}

function expectNoSecond(axis: string, given: readonly string[]): void {
  const option = kinds[axis]?.replaces.find((key) => given.includes(key))
  if (option === undefined) return
  throw new InputError(
    `Expected one of \`--matrix ${axis}=…\` and \`--${option}\`, got both: the axis sets the option`,
    { option: '--matrix' },
  )
}

function product(axes: readonly MatrixAxis[]): Readonly<Record<string, string>>[] {
  return axes.reduce<Readonly<Record<string, string>>[]>(
    (cells, { name, values }) =>
      cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value }))),
    [{}],
  )
}

function applyValue(options: RunOptions, [axis, text]: readonly [string, string]): RunOptions {
  const kind = kinds[axis] as AxisKind
  const isKept = ([key]: readonly [string, unknown]) => !kind.replaces.some((name) => name === key)
  const kept = Object.fromEntries(Object.entries(options).filter(isKept)) as unknown as RunOptions
  return { ...kept, ...kind.apply(text) }
}

const findRepeated = (values: readonly string[]): string | undefined =>
  values.find((value, at) => values.indexOf(value) !== at)

const wrong = (expectation: string): InputError =>
  new InputError(`Expected \`--matrix\` ${expectation}`, { option: '--matrix' })
