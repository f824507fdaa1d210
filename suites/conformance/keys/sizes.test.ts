import { expect, test } from 'vitest'
import { clusterSpec } from '../../../harness/index.ts'
import { pairsOf, putsAtOnce } from './sizes.ts'

const limitedTo = (bytes: number) =>
  clusterSpec({ version: '3.5.16', options: { 'max-request-bytes': `${bytes}` } })

test.each([4_096, 8_192, 65_536])('no put is longer than requests of %i bytes', (bytes) => {
  const spec = limitedTo(bytes)
  for (const { key, value } of pairsOf(spec, 'conformance/sizes/0/')) {
    expect(Buffer.byteLength(key) + Buffer.byteLength(value)).toBeLessThan(bytes)
  }
  const put = 2 * 'conformance/sizes/0/many/1000'.length + 30
  expect(putsAtOnce(spec) * put).toBeLessThan(bytes)
})

test('without such a limit keys have 8,000 bytes, values a mebibyte, transactions 100 puts', () => {
  const spec = clusterSpec({ version: '3.5.16' })
  const pairs = pairsOf(spec, '')
  expect(Math.max(...pairs.map(({ key }) => key.length))).toBe(8_000)
  expect(Math.max(...pairs.map(({ value }) => value.length))).toBe(2 ** 20)
  expect(pairs.map(({ value }) => value.length)).toContain(0)
  expect(putsAtOnce(spec)).toBe(100)
})
