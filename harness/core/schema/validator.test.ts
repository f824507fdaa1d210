import { expect, test } from 'vitest'
import { InputError } from '../errors.ts'
import { count, numberOrNull, record, tuple } from './parts.ts'
import { Type } from './type.ts'
import { createValidator, expectShape } from './validator.ts'

const validator = createValidator(
  Type.Object(
    {
      format: Type.Literal('shop/1'),
      state: Type.Enum(['open', 'shut']),
      stock: Type.Array(Type.Object({ name: Type.String(), pieces: count })),
      owner: Type.Optional(Type.String({ pattern: '^[a-z]+$' })),
      rating: numberOrNull,
      prices: record(Type.Number({ minimum: 0 })),
      place: Type.Optional(tuple([Type.Integer(), Type.Integer()])),
      hours: Type.Optional(tuple([Type.Integer(), Type.Integer()], { title: '[from, to]' })),
    },
    { title: 'shop/1' },
  ),
)
const shop = {
  format: 'shop/1',
  state: 'open',
  stock: [{ name: 'tea', pieces: 3 }],
  rating: null,
  prices: { 'a/b~c': 2 },
}

test('a value of the right shape is returned as it is, with fields that the schema does not know', () => {
  const later = { ...shop, later: true }
  expect(expectShape(validator, later, { what: 'the shop' })).toBe(later)
})

test.each<[what: string, value: unknown, sentence: string]>([
  ['another type', [], 'Expected the shop in FILE to be a JSON object, got []'],
  ['nothing', undefined, 'Expected the shop in FILE to be a JSON object, got nothing'],
  ['a field that is missing', {}, 'Expected `format` in FILE to be "shop/1", got nothing'],
  [
    'a choice',
    { ...shop, state: 'ajar' },
    'Expected `state` in FILE to be one of open, shut, got "ajar"',
  ],
  [
    'a field within an array',
    { ...shop, stock: [shop.stock[0], { name: 'tea', pieces: -1 }] },
    'Expected `stock[1].pieces` in FILE to be an integer from 0, got -1',
  ],
  [
    'a missing field within an array',
    { ...shop, stock: [{ pieces: 1 }] },
    'Expected `stock[0].name` in FILE to be a string, got nothing',
  ],
  [
    'a field that may be null',
    { ...shop, rating: 'x' },
    '`rating` in FILE to be a number or null, got "x"',
  ],
  [
    'a pattern',
    { ...shop, owner: 'X' },
    '`owner` in FILE to be a string that matches ^[a-z]+$, got "X"',
  ],
  [
    'a field of any name',
    { ...shop, prices: { 'a/b~c': -2 } },
    '`prices.a/b~c` in FILE to be a number from 0',
  ],
  [
    'an item of a tuple',
    { ...shop, place: [1, 'x'] },
    '`place[1]` in FILE to be an integer, got "x"',
  ],
  ['a short tuple', { ...shop, place: [1] }, '`place` in FILE to be an array of 2, got [1]'],
  [
    'a long tuple',
    { ...shop, place: [1, 2, 3] },
    '`place` in FILE to be an array of 2, got [1,2,3]',
  ],
  [
    'a part that has a title',
    { ...shop, hours: [1, 'x'] },
    '`hours` in FILE to be [from, to], got [1,"x"]',
  ],
  [
    'a long text',
    { ...shop, owner: 'X'.repeat(100) },
    `that matches ^[a-z]+$, got "${'X'.repeat(56)}…`,
  ],
])('%s is refused with its place, what was expected and what was found', (_, value, sentence) => {
  expect(() => expectShape(validator, value, { what: 'the shop', file: 'FILE' })).toThrow(sentence)
})

test('the error carries its facts as fields, without a file when there is none', () => {
  let thrown: unknown
  try {
    expectShape(validator, { ...shop, state: 1 }, { what: 'the shop' })
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(InputError)
  expect((thrown as InputError).fields).toEqual({
    path: 'state',
    expected: 'one of open, shut',
    found: '1',
  })
})
