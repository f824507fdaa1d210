import { expect, test } from 'vitest'
import { messageOf } from './errors.ts'

test('a message is one line, and never empty', () => {
  expect(messageOf(new Error('first\n   second'))).toBe('first second')
  expect(messageOf('said so')).toBe('said so')
  expect(messageOf(new TypeError(''))).toBe('TypeError')
})

test('every cause of an aggregate is said', () => {
  const refused = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')])
  expect(messageOf(refused)).toBe('::1 refused; 127.0.0.1 refused')
})
