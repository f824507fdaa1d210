import { expect, test } from 'vitest'
import { evaluateArithmetic } from './arithmetic.ts'

const variables = new Map([
  ['G', '1024'],
  ['NAME', 'etcd'],
])

test.each([
  ['8 * 1024 * 1024', '8388608'],
  ['2 + 3 * 4 - 1', '13'],
  ['(2 + 3) * 4', '20'],
  ['3 << 19', '1572864'],
  ['2 ** 10 / 3 % 100', '41'],
  ['G * $G', '1048576'],
])('%s is %s', (expression, value) => {
  expect(evaluateArithmetic(expression, variables)).toBe(value)
})

test.each(['', '1 +', 'UNSET * 2', 'NAME + 1', '1 / 0', '1 << 64', '(1', '1 ? 2 : 3'])(
  '`%s` has no value',
  (expression) => {
    expect(evaluateArithmetic(expression, variables)).toBeUndefined()
  },
)
