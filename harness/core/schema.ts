import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
import { InputError } from './errors.ts'
import { findMismatch, type Mismatch, type SchemaNode } from './schema-mismatch.ts'

/** Data that was read: its reader changes nothing in it. */
export type DeepReadonly<Value> = unknown extends Value
  ? Value
  : { readonly [Field in keyof Value]: DeepReadonly<Value[Field]> }

/** The type of what a schema accepts. */
export type Shape<Schema extends TSchema> = DeepReadonly<Static<Schema>>

/** A schema with its check, compiled at the first use and once. Create one a schema, at the top. */
export interface Validator<Value> {
  /** JSON Schema 2020-12, as published. */
  readonly schema: TSchema
  accepts(value: unknown): value is Value
  /** The first place where the value is not as the schema says; undefined when it is. */
  findMismatch(value: unknown): Mismatch | undefined
}

/** What a value is called in an error, and the file that it was read from. */
export interface Source {
  /** The whole value, such as `the record` or `\`--seed\``. */
  readonly what: string
  readonly file?: string
}

export function createValidator<Schema extends TSchema>(schema: Schema): Validator<Shape<Schema>> {
  let compiled: { Check(value: unknown): boolean } | undefined
  const accepts = (value: unknown): value is Shape<Schema> => {
    compiled ??= Compile(schema as TSchema)
    return compiled.Check(value)
  }
  return {
    schema,
    accepts,
    findMismatch: (value) =>
      accepts(value) ? undefined : findMismatch(schema as SchemaNode, value),
  }
}

/**
 * The value itself, typed. Throws an InputError for one that the schema does not accept:
 * ``Expected `scenarios[0].outcome` in FILE to be one of held, broken, got "great"``, with the
 * fields file, path, expected and found.
 */
export function expectShape<Value>(
  validator: Validator<Value>,
  value: unknown,
  source: Source,
): Value {
  if (validator.accepts(value)) return value
  const mismatch = validator.findMismatch(value) as Mismatch
  const { file } = source
  throw new InputError(formatMismatch(mismatch, source), {
    ...(file !== undefined && { file }),
    ...mismatch,
  })
}

/** The sentence of `expectShape`, for errors that name a line or are no error. */
export function formatMismatch(mismatch: Mismatch, { what, file }: Source): string {
  const { path, expected, found } = mismatch
  const place = path === '' ? what : `\`${path}\``
  return `Expected ${place}${file === undefined ? '' : ` in ${file}`} to be ${expected}, got ${found}`
}
