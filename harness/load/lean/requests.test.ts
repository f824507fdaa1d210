import { expect, test } from 'vitest'
import { readProtobuf } from '../../core/network/protobuf.ts'
import { keyAt, keysOf, loadValue } from '../keys.ts'
import { sampleLoad } from '../testing/sample-load.ts'
import { requestMethods, requestSeries } from './requests.ts'

test('a client’s requests have its keys in turn, shorter numbers after longer ones, and the value', () => {
  const load = sampleLoad({ clients: 3, keys: 120, keyBytes: 20 })
  const own = keysOf(1, load)
  const series = requestSeries(requestMethods.put, 1, load)
  for (const expected of [...own, ...own]) {
    const { body, number } = series.next()
    const fields = readProtobuf(body.subarray(5))
    expect([String(fields.get(1)), keyAt(number, load)]).toEqual([expected, expected])
    expect(String(fields.get(2))).toBe(loadValue(load))
  }
})

test('a transaction has the key of its turn at each of its places', () => {
  const load = sampleLoad({ clients: 1, keys: 11 })
  const series = requestSeries(requestMethods.txn, 0, load)
  for (const key of keysOf(0, load)) {
    const text = series.next().body.toString('latin1')
    expect(text.split(key)).toHaveLength(4)
  }
})
