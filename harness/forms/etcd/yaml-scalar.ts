import type { YamlValue } from '../text/yaml-document.ts'

type Scalar = Extract<YamlValue, { kind: 'scalar' }>

/** What a scalar of a YAML file is to etcd. */
export type EtcdScalar =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: bigint | number }
  | { readonly kind: 'text'; readonly value: string }

/**
 * What the scalar is to the YAML library that every version of etcd has, which follows YAML 1.1 in a
 * way of its own: `yes` and `0o10` are no texts, `yEs` and `_0` are, `08` is eight, and a time is a
 * text. Undefined for one that does not fit its own tag, such as `!!int x`, and for `!!binary`.
 */
export function etcdScalar({ text, isPlain, tag }: Scalar): EtcdScalar | undefined {
  const isText = tag === undefined ? !isPlain : !resolvable.has(tag)
  if (tag === 'binary') return undefined
  if (isText || tag === 'timestamp') return { kind: 'text', value: text }
  const found = resolvePlain(text)
  if (tag === undefined) return found
  return kindsOfTags[tag]?.(found) ? found : undefined
}

const kindsOfTags: Readonly<Record<string, (found: EtcdScalar) => boolean>> = {
  null: ({ kind }) => kind === 'null',
  bool: ({ kind }) => kind === 'boolean',
  int: (found) => found.kind === 'number' && typeof found.value === 'bigint',
  float: ({ kind }) => kind === 'number',
}

const resolvable: ReadonlySet<string> = new Set([...Object.keys(kindsOfTags), 'timestamp'])

const words: ReadonlyMap<string, EtcdScalar> = new Map<string, EtcdScalar>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { kind: 'null' }] as const),
  ...cases(['y', 'yes', 'on', 'true']).map(
    (word) => [word, { kind: 'boolean', value: true }] as const,
  ),
  ...cases(['n', 'no', 'off', 'false']).map(
    (word) => [word, { kind: 'boolean', value: false }] as const,
  ),
  ...[...cases(['.inf', '+.inf', '.nan']), '.NaN'].map(
    (word) => [word, { kind: 'number', value: Number.POSITIVE_INFINITY }] as const,
  ),
  ...cases(['-.inf']).map(
    (word) => [word, { kind: 'number', value: Number.NEGATIVE_INFINITY }] as const,
  ),
])

/** `yes`, `Yes` and `YES`, but not `yEs`. */
function cases(all: readonly string[]): string[] {
  const capital = (word: string) => word.replace(/[a-z]/, (letter) => letter.toUpperCase())
  return all.flatMap((word) => [word, capital(word), word.toUpperCase()])
}

function resolvePlain(text: string): EtcdScalar {
  return words.get(text) ?? numberOf(text) ?? { kind: 'text', value: text }
}

/** Only what begins as a number can be one; its underscores count for nothing. */
function numberOf(text: string): EtcdScalar | undefined {
  if (text.startsWith('.')) {
    const isFloat = /^\.\d+(_\d+)*(e[-+]?\d+(_\d+)*)?$/i.test(text)
    return isFloat ? floatOf(text.replaceAll('_', '')) : undefined
  }
  if (!/^[-+\d]/.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  const whole = wholeOf(digits)
  if (whole !== undefined) return { kind: 'number', value: whole }
  return /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(digits) ? floatOf(digits) : undefined
}

function floatOf(digits: string): EtcdScalar | undefined {
  const value = Number(digits)
  return Number.isFinite(value) ? { kind: 'number', value } : undefined
}

/** As Go's ParseInt with base 0 has it; more than 64 bits are a number with a fraction. */
function wholeOf(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? []
  const count = magnitudeOf(digits)
  if (count === undefined) return undefined
  const value = sign === '-' ? -count : count
  const most = sign === '' ? 2n ** 64n - 1n : 2n ** 63n - 1n
  return value >= -(2n ** 63n) && value <= most ? value : undefined
}

function magnitudeOf(digits: string): bigint | undefined {
  if (/^(0x[\da-f]+|0o[0-7]+|0b[01]+)$/i.test(digits)) return BigInt(digits.toLowerCase())
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`)
  return /^(0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined
}
