import { goInteger } from '../../topology/go-integer.ts'
import { knownVersions } from '../../topology/options/flag-table.ts'
import { everyYamlKey, yamlTypeAt } from '../../topology/options/options.ts'
import type { Problem, Setting } from '../form.ts'
import { isValidValue } from './boolean-flags.ts'

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
  if (/^u?int/.test(type)) {
    const count = type.startsWith('u') && /^[+-]/.test(value) ? undefined : goInteger(value)
    const { least, most } = rangeOf(type)
    if (count === undefined) return `a whole number for ${name}`
    if (count < least || count > most) return `a whole number from ${least} to ${most} for ${name}`
  }
  if (type === 'time.Duration' && !isGoDuration(value)) {
    return `a duration such as 5s or 500ms for ${name}`
  }
  return undefined
}

/** Of Go's integers: `int` and `uint` have 64 bits, and a duration is an `int64`. */
export function rangeOf(type: string): { readonly least: bigint; readonly most: bigint } {
  const bits = BigInt(/\d+$/.exec(type)?.[0] ?? '64')
  if (type.startsWith('uint')) return { least: 0n, most: 2n ** bits - 1n }
  return { least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n }
}

/** What Go's time.ParseDuration accepts: up to 290 years or so. */
function isGoDuration(text: string): boolean {
  if (!/^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text)) return false
  const parts = text.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)
  const count = [...parts].reduce((sum, [, whole = '', fraction = '', unit = '']) => {
    const size = nanoseconds.get(unit) ?? 1n
    const part = (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length)
    return sum + BigInt(whole || '0') * size + part
  }, 0n)
  return count <= rangeOf('int64').most
}

/** Of Go's units of time, the largest first. */
export const units: readonly (readonly [string, bigint])[] = [
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
]

const nanoseconds = new Map([...units, ['µs', 1_000n], ['μs', 1_000n], ['ns', 1n]] as const)
