import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/schema'
import { InputError } from '../errors.ts'
import { findMismatch, type Mismatch, type SchemaNode } from './mismatch.ts'

/** Data that was read: its reader changes nothing in it. */
type DeepReadonly<Value> = unknown extends Value
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

/** Where a value was read, for the error. */
export interface Source {
  /** What the whole value is called, such as `the record` or `\`--seed\``. */
  readonly what: string
  /** What a field belongs to, where its path does not say it: `\`value\` of put`. */
  readonly of?: string
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

/** As `expectShape`, for errors that are collected or name a line: the sentence, or undefined. */
export function findProblem(
  validator: Validator<unknown>,
  value: unknown,
  source: Source,
): string | undefined {
  const mismatch = validator.findMismatch(value)
  return mismatch === undefined ? undefined : formatMismatch(mismatch, source)
}

/** The sentence of `expectShape`. */
function formatMismatch(mismatch: Mismatch, { what, of, file }: Source): string {
  const { path, expected, found } = mismatch
  const field = of === undefined ? `\`${path}\`` : `\`${path}\` of ${of}`
  const place = path === '' ? what : field
  return `Expected ${place}${file === undefined ? '' : ` in ${file}`} to be ${expected}, got ${found}`
}
