import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test('the name with the fewest other letters is the nearest', () => {
  const names = ['heartbeat-interval', 'election-timeout', 'name']
  expect(nearest('hearbeat-interval', names)).toBe('heartbeat-interval')
  expect(nearest('election-time', names)).toBe('election-timeout')
  expect(nearest('name', names)).toBe('name')
})

test('two letters that changed places are one mistake', () => {
  expect(nearest('etdc', ['arch', 'etcd', 'tls'])).toBe('etcd')
  expect(nearest('etdc', ['etc-dir', 'debug'])).toBeUndefined()
})

test('what is like no name has none', () => {
  expect(nearest('quota', ['heartbeat-interval'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})
