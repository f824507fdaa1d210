import type { Problem } from '../form.ts'
import { formatYaml, type YamlEntry, type YamlValue } from '../text/yaml-document.ts'
import { rangeOf, units } from './value-types.ts'
import { etcdScalar } from './yaml-scalar.ts'

/**
 * The value of a key as a flag would have it, or what keeps etcd from reading it; neither for a key that
 * has none, which etcd leaves at its default. etcd converts nothing: a number that is to be a text needs
 * quotes, and a text with quotes is no number.
 */
export function textOf(
  { key, value, line }: YamlEntry,
  type = 'string',
): { readonly value?: string; readonly problem?: Problem } {
  if (isNull(value)) return {}
  const kind = kindOf(type)
  const text = readers[kind](value, type)
  if (text !== undefined) return { value: text }
  const written = formatYaml(value) || 'nothing'
  const isQuoted = scalarOf(value)?.kind === 'text' && isMarkedAsText(value)
  const found = isQuoted ? JSON.stringify(written) : written
  const noun = kind === 'text' && value.kind === 'scalar' ? 'a text in quotes' : nouns[kind]
  return { problem: { line, expected: `${noun}${limitOf(value, type)} for ${key}`, found } }
}

/** A text because of its quotes or of its tag. */
function isMarkedAsText(value: YamlValue): boolean {
  if (value.kind !== 'scalar' || value.text === '') return false
  return !value.isPlain || value.tag !== undefined
}

/** Whether etcd takes the key as one without a value. */
export function isNull(value: YamlValue): boolean {
  return value.kind === 'scalar' && etcdScalar(value)?.kind === 'null'
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
const readers: Readonly<Record<Kind, (value: YamlValue, type: string) => string | undefined>> = {
  boolean: (value) => {
    const scalar = scalarOf(value)
    return scalar?.kind === 'boolean' ? String(scalar.value) : undefined
  },
  duration: (value, type) => {
    const count = wholeFor(value, type)
    return count === undefined ? undefined : durationOf(count)
  },
  list: (value) => {
    if (value.kind !== 'list') return undefined
    const texts = value.items.map(plainTextOf)
    return texts.every((text) => text !== undefined) ? texts.join(',') : undefined
  },
  natural: (value, type) => wholeFor(value, type)?.toString(),
  text: plainTextOf,
  whole: (value, type) => wholeFor(value, type)?.toString(),
}

const scalarOf = (value: YamlValue) => (value.kind === 'scalar' ? etcdScalar(value) : undefined)

/** The whole number that it is; one with a fraction of nothing is whole, too. */
function wholeIn(value: YamlValue): bigint | undefined {
  const scalar = scalarOf(value)
  if (scalar?.kind !== 'number') return undefined
  if (typeof scalar.value === 'bigint') return scalar.value
  return Number.isInteger(scalar.value) ? BigInt(scalar.value) : undefined
}

function wholeFor(value: YamlValue, type: string): bigint | undefined {
  const count = wholeIn(value)
  const { least, most } = rangeOf(type)
  return count !== undefined && count >= least && count <= most ? count : undefined
}

/** What a number is too large for, of a type of numbers. */
function limitOf(value: YamlValue, type: string): string {
  const { most } = rangeOf(type)
  const isNumeric = /^(u?int|time\.Duration)/.test(type)
  return isNumeric && (wholeIn(value) ?? 0n) > most ? ` up to ${most}` : ''
}

function plainTextOf(value: YamlValue): string | undefined {
  const scalar = scalarOf(value)
  return scalar?.kind === 'text' ? scalar.value : undefined
}

/** 5000000000 → `5s`: the largest unit that divides it. */
function durationOf(count: bigint): string {
  for (const [unit, size] of units) {
    if (count !== 0n && count % size === 0n) return `${count / size}${unit}`
  }
  return count === 0n ? '0s' : `${count}ns`
}
