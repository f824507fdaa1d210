import type { Problem } from './form.ts'
import { formatYaml, type YamlEntry, type YamlValue } from './text/yaml-document.ts'

/**
 * The value of a key as a flag would have it, or what keeps etcd from reading it; neither for a key that
 * has none, which etcd leaves at its default. etcd reads YAML 1.1 into its types and converts nothing:
 * a number that is to be a text needs quotes, and a text with quotes is no number.
 */
export function textOf(
  { key, value, line }: YamlEntry,
  type = 'string',
): { readonly value?: string; readonly problem?: Problem } {
  if (value.kind === 'scalar' && value.type === 'null') return {}
  const kind = kindOf(type)
  const text = readers[kind](value)
  if (text !== undefined) return { value: text }
  const isQuoted = value.kind === 'scalar' && !value.isPlain && value.text !== ''
  const found = isQuoted ? JSON.stringify(value.text) : formatYaml(value) || 'nothing'
  const noun = kind === 'text' && value.kind === 'scalar' ? 'a text in quotes' : nouns[kind]
  return { problem: { line, expected: `${noun} for ${key}`, found } }
}

type Kind = 'boolean' | 'duration' | 'natural' | 'whole' | 'list' | 'text'

function kindOf(type: string): Kind {
  if (type === 'bool') return 'boolean'
  if (type === 'time.Duration') return 'duration'
  if (type.startsWith('[]')) return 'list'
  return type.startsWith('uint') ? 'natural' : type.startsWith('int') ? 'whole' : 'text'
}

const nouns: Readonly<Record<Kind, string>> = {
  boolean: 'true or false',
  duration: 'whole nanoseconds',
  list: 'a list of texts',
  natural: 'a whole number',
  text: 'a text',
  whole: 'a whole number',
}

/** Each gives undefined for what etcd does not read. */
const readers: Readonly<Record<Kind, (value: YamlValue) => string | undefined>> = {
  boolean: booleanOf,
  duration: (value) => {
    const count = wholeOf(value)
    return count === undefined ? undefined : durationOf(count)
  },
  list: (value) => {
    if (value.kind !== 'list') return undefined
    const texts = value.items.map(plainTextOf)
    return texts.every((text) => text !== undefined) ? texts.join(',') : undefined
  },
  natural: (value) => {
    const count = wholeOf(value)
    return count === undefined || count < 0n ? undefined : String(count)
  },
  text: plainTextOf,
  whole: (value) => wholeOf(value)?.toString(),
}

/** Words that YAML 1.1 takes for a boolean when they have no quotes. */
const booleans: Readonly<Record<string, string>> = {
  ...{ true: 'true', yes: 'true', on: 'true', y: 'true' },
  ...{ false: 'false', no: 'false', off: 'false', n: 'false' },
}

function booleanOf(value: YamlValue): string | undefined {
  if (value.kind !== 'scalar' || !value.isPlain) return undefined
  const word = value.text.toLowerCase()
  return Object.hasOwn(booleans, word) ? booleans[word] : undefined
}

/**
 * A whole number as etcd's YAML library has them: `8_589`, `0x10`, `010` and `0o10` for eight, `8e9`; but
 * `_8` begins as no number does.
 */
function wholeOf(value: YamlValue): bigint | undefined {
  if (value.kind !== 'scalar' || !value.isPlain || value.text.startsWith('_')) return undefined
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(value.text.replaceAll('_', '')) ?? []
  const count = magnitudeOf(digits)
  return count === undefined ? undefined : sign === '-' ? -count : count
}

function magnitudeOf(digits: string): bigint | undefined {
  if (/^(0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.test(digits)) return BigInt(digits.toLowerCase())
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`)
  if (/^\d+$/.test(digits)) return BigInt(digits)
  const isFloat = /^\d+(\.\d*)?(e[-+]?\d+)?$/i.test(digits)
  return isFloat && Number.isSafeInteger(Number(digits)) ? BigInt(Number(digits)) : undefined
}

function plainTextOf(value: YamlValue): string | undefined {
  if (value.kind !== 'scalar') return undefined
  const isOther = value.type === 'number' || booleanOf(value) !== undefined
  return isOther || wholeOf(value) !== undefined ? undefined : value.text
}

/** 5000000000 → `5s`: the largest unit that divides it. */
function durationOf(count: bigint): string {
  for (const [unit, size] of units) {
    if (count !== 0n && count % size === 0n) return `${count / size}${unit}`
  }
  return count === 0n ? '0s' : `${count}ns`
}

/** Of Go's durations, with their nanoseconds. */
export const units: readonly (readonly [string, bigint])[] = [
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
]
