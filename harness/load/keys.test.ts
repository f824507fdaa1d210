import { expect, test } from 'vitest'
import { keyBytes, keysOf, loadValue } from './keys.ts'
import { sampleLoad } from './testing/sample-load.ts'

test.each([
  [1, 1_000],
  [64, 1_000],
  [256, 256],
])('%i clients share %i keys without overlap', (clients, keys) => {
  const load = sampleLoad({ clients, keys })
  const all = Array.from({ length: clients }, (_, client) => keysOf(client, load)).flat()
  expect(all).toHaveLength(keys)
  expect(new Set(all).size).toBe(keys)
  expect(new Set(all.map(({ length }) => length))).toEqual(new Set([keyBytes]))
})

test('fewer keys than clients are an input error', () => {
  expect(() => keysOf(0, sampleLoad({ clients: 11, keys: 10 }))).toThrow(/at least as many keys/)
})

test('a value has the given length and varied characters', () => {
  const value = loadValue(sampleLoad({ valueBytes: 256 }))
  expect(value).toHaveLength(256)
  expect(new Set(value).size).toBeGreaterThan(40)
})
