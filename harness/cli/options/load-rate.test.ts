import { expect, test } from 'vitest'
import { loadRate, parseValue } from './value.ts'

test('a load is a share of the knee or a rate, and reads back', () => {
  for (const text of ['70%', '100%', '500/s']) {
    expect(loadRate.format(parseValue('--load', loadRate, text))).toBe(text)
  }
  expect(loadRate.parse('70%')).toEqual({ share: 0.7 })
  expect(loadRate.parse('500/s')).toEqual({ ratePerS: 500 })
})

test.each(['0%', '101%', '70', '0/s', '-5/s', 'much'])('%s is no load', (text) => {
  expect(() => parseValue('--load', loadRate, text)).toThrow(/`--load` to be a share of the knee/)
})
