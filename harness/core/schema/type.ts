import type { TSchema, Type as TypeBox } from 'typebox'

/** The builders of TypeBox that our schemas are made of. */
type Builders = Pick<
  typeof TypeBox,
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Ref'
  | 'String'
  | 'Union'
  | 'Unknown'
  | 'Unsafe'
>

/** As TypeBox has it: a spread of the schema and its JSON lose the mark. */
const optionalMark = '~optional'

const builders: { readonly [Name in keyof Builders]: (...parts: never[]) => object } = {
  Array: (items: TSchema, options?: object) => ({ type: 'array', items, ...options }),
  Boolean: (options?: object) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options?: object) => ({ enum: values, ...options }),
  Integer: (options?: object) => ({ type: 'integer', ...options }),
  Literal: (value: unknown, options?: object) => ({ type: typeof value, const: value, ...options }),
  Null: (options?: object) => ({ type: 'null', ...options }),
  Number: (options?: object) => ({ type: 'number', ...options }),
  Object: (properties: Readonly<Record<string, TSchema>>, options?: object) => {
    const names = Object.keys(properties)
    const required = names.filter((name) => !Object.hasOwn(properties[name] ?? {}, optionalMark))
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
  },
  Optional: (schema: TSchema) =>
    Object.defineProperty({ ...schema }, optionalMark, { value: true, enumerable: false }),
  Ref: (ref: string, options?: object) => ({ $ref: ref, ...options }),
  String: (options?: object) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly TSchema[], options?: object) => ({ anyOf, ...options }),
  Unknown: (options?: object) => ({ ...options }),
  Unsafe: (schema: TSchema) => ({ ...schema }),
}

/**
 * Builds plain JSON Schema: with the types of TypeBox, and what TypeBox builds, which
 * type.test.ts compares. TypeBox's own builders are 374 modules, whose loading was a quarter of
 * a small `check`. Its validator, which needs none of them, is loaded as ever.
 */
export const Type = builders as unknown as Builders
