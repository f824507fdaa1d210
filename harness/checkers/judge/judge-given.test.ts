import { expect, test } from 'vitest'
import type { History } from '../../history/operations.ts'
import { judge } from './judge-given.ts'

const header = { format: 'gauntlet-history/1', model: 'etcd' } as const
const put = { process: 0, f: 'put', key: 'a', member: 'm1' }
const written = [
  { ...put, type: 'invoke', value: '1', timeNs: 0 },
  { ...put, type: 'ok', revision: 2, timeNs: 1 },
]

const judged = (history: unknown) => () => judge(history as History)

test('a history that a program recorded is judged', () => {
  expect(judged({ header, events: written })()).toMatchObject({ verdict: 'valid' })
})

test.each<readonly [string, unknown, RegExp]>([
  ['nothing', undefined, /^the history: Expected the header to be a JSON object/],
  ['a list', [], /^the history: Expected the header/],
  ['no model', { header: { format: header.format }, events: [] }, /`model` of the header/],
  ['no events', { header }, /Expected `events` to be a list, got nothing/],
  ['no time', { header, events: [{ ...put, type: 'invoke', value: '1' }] }, /^event 0 .*`timeNs`/],
  ['no value', { header, events: [{ ...put, type: 'invoke', timeNs: 0 }] }, /^event 0 .*`value`/],
  [
    'another revision',
    { header, events: [written[0], { ...written[1], revision: 'two' }] },
    /^event 1/,
  ],
  ['no invocation', { header, events: written.slice(1) }, /^event 0 .*invocation of process 0/],
  ['another request', { header, events: [written[0], written[0]] }, /^event 1 .*before another/],
  ['time backwards', { header, events: [written[0], { ...written[1], timeNs: -1 }] }, /^event 1/],
])('a history with %s is one line', (_, history, line) => {
  expect(judged(history)).toThrow(line)
})
