import { dayMs } from '../../core/durations.ts'
import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'

/** What an option's value may be. */
export interface OptionValue<T> {
  /** Completes "Expected `--seed` to be …". */
  readonly expected: string
  /** Undefined for a text that is no such value. */
  readonly parse: (text: string) => T | undefined
  /** A text from which `parse` makes the same value again. */
  readonly format: (value: T) => string
  /** All values that there are, where they are few: for suggestions and for shells. */
  readonly choices?: readonly string[]
}

/** Throws an InputError that names the option and what it may be. */
export function parseValue<T>(
  option: string,
  { expected, parse, choices = [] }: OptionValue<T>,
  text: string,
): T {
  const value = parse(text)
  if (value !== undefined) return value
  const hint = suggestion(text, choices)
  throw new InputError(`Expected \`${option}\` to be ${expected}, got \`${text}\`${hint}`, {
    option,
  })
}

/** Any text but the empty one, which is a shell's unset variable and no name of anything. */
export const anyText: OptionValue<string> = {
  expected: 'a text that is not empty',
  parse: (text) => (text === '' ? undefined : text),
  format: (text) => text,
}

export function oneOf<const T extends string>(...allowed: readonly T[]): OptionValue<T> {
  return {
    expected: `one of ${allowed.join(', ')}`,
    parse: (text) => allowed.find((each) => each === text),
    format: (text) => text,
    choices: allowed,
  }
}

/** Up to ten digits. */
export const wholeNumber: OptionValue<number> = {
  expected: 'a whole number',
  parse: (text) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined),
  format: String,
}

/** Seconds above 0, with or without a fraction. */
export const seconds: OptionValue<number> = {
  expected: 'a number of seconds above 0',
  parse: (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(value) && value > 0 ? value : undefined
  },
  format: String,
}

/** Any JSON; boxed, since `null` is a value too. */
export const json: OptionValue<{ readonly value: unknown }> = {
  expected: 'JSON such as null, 0 or "v1"',
  parse: (text) => {
    try {
      return { value: JSON.parse(text) }
    } catch {
      return undefined
    }
  },
  format: ({ value }) => JSON.stringify(value),
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `5m`, `1h30m` or `500ms`, in milliseconds. */
export const durationMs: OptionValue<number> = {
  expected: 'a time up to 24h such as 90s, 5m or 1h30m',
  parse: (text) => {
    if (!/^(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?(\d{1,9}ms)?$/.test(text)) return undefined
    const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/g)]
    const ms = parts.reduce(
      (sum, [, count, unit = '']) => sum + Number(count) * (unitsMs[unit] ?? 0),
      0,
    )
    return ms > 0 && ms <= dayMs ? ms : undefined
  },
  format: (ms) => (ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`),
}

/** How much load: a share of the knee, or a rate. */
export type LoadRate = { readonly share: number } | { readonly ratePerS: number }

/** `70%`, up to 100 %, or `500/s`. */
export const loadRate: OptionValue<LoadRate> = {
  expected: 'a share of the knee such as 70%, or a rate such as 500/s',
  parse: (text) => {
    const [, number = '', unit] = /^(\d{1,7})(%|\/s)$/.exec(text) ?? []
    const value = Number(number)
    if (value === 0 || (unit === '%' && value > 100)) return undefined
    return unit === '%' ? { share: value / 100 } : { ratePerS: value }
  },
  format: (rate) => ('share' in rate ? `${Math.round(rate.share * 100)}%` : `${rate.ratePerS}/s`),
}
