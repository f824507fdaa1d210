import { Type as TypeBox } from 'typebox'
import { expect, test } from 'vitest'
import { Type } from './type.ts'

/** One schema of every builder, with and without options. */
const schemasBy = (T: typeof Type) => ({
  Array: [T.Array(T.String()), T.Array(T.Integer(), { minItems: 1, title: 'some' })],
  Boolean: [T.Boolean(), T.Boolean({ description: 'a switch' })],
  Enum: [T.Enum(['a', 2]), T.Enum(['a'], { title: 'a letter' })],
  Integer: [T.Integer(), T.Integer({ minimum: 0, exclusiveMaximum: 2 ** 63 })],
  Literal: [T.Literal('a'), T.Literal(1, { title: 'one' }), T.Literal(true)],
  Null: [T.Null(), T.Null({ title: 'nothing' })],
  Number: [T.Number(), T.Number({ minimum: 0 })],
  Object: [
    T.Object({}),
    T.Object(
      { a: T.String(), b: T.Optional(T.String()), c: T.Number() },
      { additionalProperties: false },
    ),
    T.Object({ a: T.Optional(T.Object({ b: T.Null() })) }, { title: 'maybe' }),
    T.Object({
      a: { ...T.Optional(T.String()) },
      required: T.Integer({ ...T.Integer({ minimum: 1 }) }),
    }),
    T.Object(T.Object({ a: T.Optional(T.String()), b: T.String() }).properties),
  ],
  Optional: [T.Optional(T.String({ pattern: '^a$' })), T.Optional(T.Optional(T.Null()))],
  Ref: [T.Ref('#/$defs/a'), T.Ref('a', { description: 'elsewhere' })],
  String: [T.String(), T.String({ pattern: '^a$', title: 'a letter' })],
  Union: [T.Union([]), T.Union([T.String(), T.Null()], { description: 'a text or none' })],
  Unknown: [T.Unknown(), T.Unknown({ title: 'any JSON' })],
  Unsafe: [T.Unsafe<'a'>({ type: 'string', minLength: 1 })],
})

const ours = schemasBy(Type)
const theirs = schemasBy(TypeBox)

test('the schemas above are of every builder', () => {
  expect(Object.keys(ours)).toEqual(Object.keys(Type))
})

test.each(Object.keys(Type) as (keyof typeof Type)[])(
  'Type.%s builds what TypeBox builds',
  (name) => {
    expect(ours[name].map((schema) => JSON.stringify(schema))).toEqual(
      theirs[name].map((schema) => JSON.stringify(schema)),
    )
  },
)

test('the schema that an optional one is made of stays required', () => {
  const text = Type.String()
  Type.Optional(text)
  expect(Type.Object({ text }).required).toEqual(['text'])
})
