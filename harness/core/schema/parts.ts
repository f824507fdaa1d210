import type { Static, TSchema, TSchemaOptions, TUnsafe } from 'typebox'
import { Type } from './type.ts'

/** Parts of schemas that several files are made of. Titles are what errors call a valid value. */
const largest = Number.MAX_SAFE_INTEGER

/** A number of things: exact, unlike integers beyond 2^53. */
export const count = Type.Integer({ minimum: 0, maximum: largest, title: 'an integer from 0' })

/** A duration, a size or a rate: its unit is in its field's name. */
export const amount = Type.Number({ minimum: 0 })

/** Null = it could not be measured. */
export const numberOrNull = Type.Union([Type.Number(), Type.Null()])

/** RFC 3339, as `Date.toISOString` writes it. */
export const instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
  title: 'an instant such as 2026-01-31T11:45:02.000Z',
})

/** An object with fields of any name and one type. */
export function record<Values extends TSchema>(
  values: Values,
  options: TSchemaOptions = {},
): TUnsafe<Record<string, Static<Values>>> {
  return Type.Unsafe({ type: 'object', ...options, additionalProperties: values })
}

/** An array of a fixed length, in the words of JSON Schema 2020-12. */
export function tuple<Items extends readonly TSchema[]>(
  items: readonly [...Items],
  options: TSchemaOptions = {},
): TUnsafe<{ [Index in keyof Items]: Static<Items[Index]> }> {
  const { length } = items
  return Type.Unsafe({
    type: 'array',
    ...options,
    prefixItems: items,
    minItems: length,
    maxItems: length,
  })
}
