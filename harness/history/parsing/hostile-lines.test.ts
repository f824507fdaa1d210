import { expect, test } from 'vitest'
import { parseHistory } from '../codec.ts'

const headerOf = (model: string) => `{"format":"gauntlet-history/1","model":"${model}"}\n`
const write = (value: string, timeNs = '1') =>
  `${headerOf('cas-register')}{"type":"invoke","process":0,"f":"write","timeNs":${timeNs},"value":${value}}\n`

test('values nested more than 100 deep are refused with their line', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  expect(parseHistory(write(nested(90))).events).toHaveLength(1)
  expect(() => parseHistory(write(nested(200_000)))).toThrow(/history:2: .* at most 100 deep/)
})

test('numbers beyond 2^53 - 1 are refused, within a value too', () => {
  expect(() => parseHistory(write('9007199254740993'))).toThrow(/history:2: .* 2\^53 - 1/)
  expect(() => parseHistory(write('{"a":[-1e400]}'))).toThrow(/history:2: .* 2\^53 - 1/)
  expect(parseHistory(write('9007199254740991')).events).toHaveLength(1)
})

test('a time may count from an epoch, and must be an integer', () => {
  expect(parseHistory(write('1', '1700000000123456789')).events).toHaveLength(1)
  expect(() => parseHistory(write('1', '1e20'))).toThrow(/`timeNs` to be an integer from 0/)
})

test('a requested model replaces that of the header', () => {
  const text = `${headerOf('cas').replace(',"model":"cas"', '')}`
  expect(() => parseHistory(text)).toThrow(/`model` of the header/)
  expect(parseHistory(text, { model: 'kv' }).events).toEqual([])
})

test('a result of a transaction that no step can give is refused', () => {
  const asked = `{"type":"invoke","process":0,"f":"txn","timeNs":1,"value":{"compare":[],"then":[["get","a"]],"else":[]}}\n`
  const answer = (value: string) =>
    `${headerOf('etcd')}${asked}{"type":"ok","process":0,"f":"txn","timeNs":2,"value":${value}}\n`
  expect(parseHistory(answer('[["x",2]]')).events).toHaveLength(2)
  for (const value of ['["x"]', '[true]', '[["x"]]', '[["x",2.5]]', '[[1,2]]']) {
    expect(() => parseHistory(answer(value))).toThrow(/history:3: .*`value` of txn/)
  }
})
