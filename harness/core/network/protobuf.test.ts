import { expect, test } from 'vitest'
import { readProtobuf, writeProtobuf } from './protobuf.ts'

test('varints, fixed numbers, texts and repeated fields are read', () => {
  const message = Buffer.from([
    ...[0x08, 0x96, 0x01],
    ...[0x12, 0x02, 0x61, 0x62],
    ...[0x12, 0x01, 0x63],
    ...[0x1d, 1, 0, 0, 0],
    ...[0x21, 2, 0, 0, 0, 0, 0, 0, 0],
    ...[0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  ])
  const fields = readProtobuf(message)
  expect(fields.get(1)).toEqual([150n])
  expect(fields.get(2)?.map(String)).toEqual(['ab', 'c'])
  expect(fields.get(3)).toEqual([1n])
  expect(fields.get(4)).toEqual([2n])
  expect(fields.get(5)).toEqual([2n ** 64n - 1n])
  expect(readProtobuf(Buffer.alloc(0)).size).toBe(0)
})

test.each([
  ['a message that ends in a field', [0x12, 0x05, 0x61]],
  ['a number that never ends', Array.from({ length: 12 }, () => 0xff)],
  ['a group', [0x0b]],
])('%s is refused', (_, bytes) => {
  expect(() => readProtobuf(Buffer.from(bytes))).toThrow(RangeError)
})

test('what is written reads back', () => {
  const inner = writeProtobuf([[1, Buffer.from('k')]])
  const written = writeProtobuf([
    [1, 300n],
    [2, inner],
    [7, -1n],
    [20, 0n],
  ])
  const fields = readProtobuf(written)
  expect(fields.get(1)).toEqual([300n])
  expect(fields.get(2)).toEqual([inner])
  expect(fields.get(7)).toEqual([2n ** 64n - 1n])
  expect(fields.get(20)).toEqual([0n])
})
