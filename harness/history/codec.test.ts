import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InputError } from '../core/errors.ts'
import { encodeHistory, operations, parseHistory, readHistoryFile } from './codec.ts'
import { type HistoryEvent, removedEvent } from './operations.ts'

const header = '{"format":"gauntlet-history/1","model":"etcd","seed":7}'
const put = '{"type":"invoke","process":0,"f":"put","timeNs":5,"key":"k","value":"v","extra":[1]}'
const putOk = '{"type":"ok","process":0,"f":"put","timeNs":9,"revision":2}'
const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')

test('a history survives decoding and encoding, unknown fields included', () => {
  const original = text(header, put, putOk)
  expect(encodeHistory(parseHistory(original))).toBe(original)
})

test('an invocation is joined with its completion, in the order of the invocations', () => {
  const other = '{"type":"invoke","process":1,"f":"get","timeNs":6,"key":"k"}'
  const otherInfo = '{"type":"info","process":1,"f":"get","timeNs":10,"error":"timeout"}'
  const open = '{"type":"invoke","process":2,"f":"get","timeNs":11,"key":"k"}'
  const joined = operations(parseHistory(text(header, put, other, putOk, otherInfo, open)))
  expect(joined.map(({ outcome, f }) => `${outcome} ${f}`)).toEqual([
    'ok put',
    'info get',
    'info get',
  ])
  expect(joined.map(({ completeIndex }) => completeIndex)).toEqual([2, Infinity, Infinity])
  expect(joined.map(({ completion }) => completion?.timeNs)).toEqual([9, 10, undefined])
})

const fault = { type: 'fault', name: 'kill', phase: 'begin', targets: ['m1'] }
const event = (fields: object) =>
  JSON.stringify({ type: 'invoke', process: 1, timeNs: 1, ...fields })
const refused: readonly [title: string, lines: readonly string[], line: number, message: RegExp][] =
  [
    ['an empty file', [], 1, /the first line to be a header, got nothing/],
    ['a file that begins with an event', [put], 1, /`format` of the header .* got nothing/],
    ['another format', ['{"format":"jepsen"}'], 1, /to be "gauntlet-history\/1", got "jepsen"/],
    [
      'another model',
      [header.replace('etcd', 'zk')],
      1,
      /`model` .* etcd, cas-register, kv, set, got "zk"/,
    ],
    ['a model that is an object method', [header.replace('etcd', 'toString')], 1, /`model`/],
    ['a line that is not JSON', [header, put, '{oops}'], 3, /one JSON object a line/],
    ['an empty line', [header, '', put], 2, /got an empty line/],
    ['a list', [header, '[]'], 2, /a JSON object, got \[\]/],
    ['an unknown type', [header, put.replace('invoke', 'start')], 2, /`type` .* got "start"/],
    [
      'an unknown f',
      [header, event({ f: 'append', key: 'k' })],
      2,
      /`f` in the model etcd .* "append"/,
    ],
    ['a process that is text', [header, event({ process: 'a' })], 2, /`process` .* got "a"/],
    [
      'a negative time',
      [header, event({ timeNs: -1 })],
      2,
      /`timeNs` to be an integer from 0, got -1/,
    ],
    ['a second header', [header, header], 2, /an event, got a second header/],
    ['an empty line between others', [header, '', event({ f: 'get', key: 'k' })], 2, /empty line/],
    ['no key', [header, event({ f: 'get' })], 2, /`key` of get to be a string, got nothing/],
    ['a key that is a number', [header, event({ f: 'get', key: 1 })], 2, /`key` .* got 1/],
    ['a put without a value', [header, event({ f: 'put', key: 'k' })], 2, /`value` of put/],
    [
      'a previous value without its mod revision',
      [
        header,
        event({ f: 'put', key: 'k', value: 'v' }),
        event({ type: 'ok', f: 'put', prev: { value: 'u' } }),
      ],
      3,
      /`prev` of put/,
    ],
    [
      'a cas of one value',
      [header, event({ f: 'cas', key: 'k', value: ['a'] })],
      2,
      /\[old, new\]/,
    ],
    [
      'a cas to null',
      [header, event({ f: 'cas', key: 'k', value: ['a', null] })],
      2,
      /string or null/,
    ],
    [
      'a fractional revision',
      [header, put, putOk.replace('2}', '2.5}')],
      3,
      /`revision` .* got 2.5/,
    ],
    ['two open invocations', [header, put, put], 3, /process 0 to complete its put before another/],
    ['a completion of nothing', [header, putOk], 2, /an invocation of process 0 before/],
    ['a second completion', [header, put, putOk, putOk], 4, /an invocation of process 0 before/],
    ['a completion of another f', [header, put, putOk.replace('put', 'get')], 3, /ok of get/],
    [
      'a completion of another key',
      [header, put, putOk.replace('}', ',"key":"x"}')],
      3,
      /`key` of/,
    ],
    ['a fault without phase', [header, event({ type: 'fault', name: 'kill' })], 2, /`phase`/],
    [
      'a fault of an unknown effect',
      [header, event({ ...fault, effect: 'kills' })],
      2,
      /`effect` to be one of stops, stalls, cuts, .* got "kills"/,
    ],
    [
      'a fault whose proof is no object',
      [header, event({ ...fault, proof: 7 })],
      2,
      /`proof` to be a JSON object, got 7/,
    ],
    [
      'a transaction without branches',
      [header, event({ f: 'txn', value: {} })],
      2,
      /`value.compare` of txn to be an array, got nothing/,
    ],
  ]

test.each(refused)('%s is refused with its line', (_, lines, line, message) => {
  const parse = () => parseHistory(text(...lines), { file: 'a.jsonl' })
  expect(parse).toThrow(InputError)
  expect(parse).toThrow(message)
  expect(parse).toThrow(new RegExp(`^a\\.jsonl:${line}: Expected `))
})

test('a fault keeps its effect, its proof and fields that the format does not know', () => {
  const measured = [{ at: 'm1', what: 'process', before: 'running', now: 'gone', exitCode: 137 }]
  const proof = { observed: true, expected: 'the process to be gone', measured }
  const line = { ...fault, timeNs: 1, effect: 'stops', proof, later: true }
  expect(parseHistory(text(header, JSON.stringify(line))).events).toEqual([line])
})

test('a header written by a later version is refused for that', () => {
  const parse = () => parseHistory(text(header.replace('history/1', 'history/2')))
  expect(parse).toThrow(/got "gauntlet-history\/2", written by another version of gauntlet$/)
})

test('a time that goes backwards is a warning: the order of the lines counts', () => {
  const { warnings, events } = parseHistory(text(header, put, putOk.replace('9', '1')))
  expect(warnings).toEqual(['history:3: `timeNs` goes backwards; the order of the lines counts'])
  expect(events).toHaveLength(2)
})

test('an incomplete last line is a warning without its newline, and an error with it', () => {
  const cut = text(header, put) + putOk.slice(0, 20)
  expect(parseHistory(cut).warnings).toEqual([
    'history:3: the last line is incomplete and was left out',
  ])
  expect(parseHistory(cut).events).toHaveLength(1)
  expect(() => parseHistory(`${cut}\n`)).toThrow(InputError)
  expect(parseHistory(text(header, put) + putOk).events).toHaveLength(2)
})

test('each model has its own operations and values', () => {
  const register = header.replace('etcd', 'cas-register')
  const write = event({ f: 'write', value: { any: 'json' } })
  expect(parseHistory(text(register, write)).events).toHaveLength(1)
  expect(() => parseHistory(text(register, put))).toThrow(/one of read, write, cas/)
  expect(parseHistory(text(register, put), { model: 'kv' }).events).toHaveLength(1)
})

test('transactions and ranges are as docs/HISTORY.md says', () => {
  const value = {
    compare: [['a', 'mod', '=', 0]],
    ...JSON.parse('{"then":[["put","a","1"],["get","b"]],"else":[["delete","a"]]}'),
  }
  const accepted = text(
    header,
    event({ f: 'txn', value }),
    '{"type":"ok","process":1,"f":"txn","timeNs":2,"applied":true,"value":[null,[null,0]],"revision":2}',
    event({ f: 'range', key: 'a', end: '\0', limit: 2 }),
    '{"type":"ok","process":1,"f":"range","timeNs":3,"value":[["a","1",2]],"count":1,"more":false}',
  )
  expect(parseHistory(accepted).events).toHaveLength(4)
  const bad = (change: object) => () =>
    parseHistory(text(header, event({ f: 'txn', value: { ...value, ...change } })))
  expect(bad({ compare: [['a', 'lease', '=', 0]] })).toThrow(/a compare of txn/)
  expect(bad({ else: [['delete', 'a', 'b']] })).toThrow(/a step of txn/)
})

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'history-'))
})
afterAll(() => rm(directory, { recursive: true }))

test('a file is read whole although pieces end within characters', async () => {
  const file = join(directory, 'long.jsonl')
  const value = 'žluťoučký 🐎'.repeat(50)
  const lines = Array.from({ length: 4_000 }, (_, timeNs) => [
    JSON.stringify({ type: 'invoke', process: 0, f: 'put', timeNs, key: 'k', value }),
    JSON.stringify({ type: 'ok', process: 0, f: 'put', timeNs, revision: timeNs + 2 }),
  ])
  await writeFile(file, text(header, ...lines.flat()))
  const history = await readHistoryFile(file)
  const values = operations(history).map(({ invoke }) => invoke.value)
  expect(values).toHaveLength(4_000)
  expect(new Set(values)).toEqual(new Set([value]))
})

test('a file that cannot be read is an input error', async () => {
  await expect(readHistoryFile(join(directory, 'none.jsonl'))).rejects.toThrow(InputError)
  await expect(readHistoryFile(directory)).rejects.toThrow(InputError)
})

test('lines that other programs write differently are read', () => {
  const lines = [
    '{"format":"gauntlet-history/1","model":"cas-register"}',
    '{"type":"invoke","process":0,"f":"read","key":null}',
    '{"type":"info","process":0,"error":["timeout",{"after":5}]}',
    '  ',
    '',
  ]
  const { events, warnings } = parseHistory(lines.join('\n'))
  expect(events).toEqual([
    { type: 'invoke', process: 0, f: 'read', timeNs: 0 },
    { type: 'info', process: 0, f: 'read', timeNs: 0, error: '["timeout",{"after":5}]' },
  ])
  expect(warnings).toEqual(['history:2: `timeNs` is missing; the order of the lines counts'])
})

test('a last line without its newline is left out only when it is incomplete', () => {
  const whole = '{"type":"invoke","process":0,"f":"read","timeNs":1}'
  const header = '{"format":"gauntlet-history/1","model":"cas-register"}\n'
  expect(parseHistory(header + whole.slice(0, -1)).events).toEqual([])
  expect(parseHistory(header + whole).events).toHaveLength(1)
  expect(() => parseHistory(`${header}${whole}}`)).toThrow(/history:2: Expected one JSON object/)
})

test('no file has the event that stands for a removed one', () => {
  const [first, ...others] = parseHistory(text(header, put, putOk)).events
  const removed = removedEvent(first as HistoryEvent)
  const history = { header: JSON.parse(header), events: [removed, ...others] }
  expect(encodeHistory(history)).toBe(text(header, putOk))
  expect(() => parseHistory(text(header, JSON.stringify(removed)))).toThrow(/`type`/)
})
