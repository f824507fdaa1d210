import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/schema'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const schema = JSON.parse(readFileSync(join(root, 'docs/history.schema.json'), 'utf8')) as object
const published = Compile(schema)

const folder = join(root, 'fixtures/histories')
const histories = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))

test.each(histories)('the published schema accepts every line of %s', (name) => {
  const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
  const refused = lines.filter((line) => !published.Check(JSON.parse(line)))
  expect(refused).toEqual([])
})

const event = { type: 'invoke', process: 0, timeNs: 1 }

test.each([
  ['another format', { format: 'jepsen', model: 'kv' }],
  ['another model', { format: 'gauntlet-history/1', model: 'zk' }],
  ['an unknown type', { ...event, type: 'start', f: 'get', key: 'k' }],
  ['an unknown f', { ...event, f: 'scan', key: 'k' }],
  ['a put without a value', { ...event, f: 'put', key: 'k' }],
  ['a key that is a number', { ...event, f: 'get', key: 1 }],
  ['a fractional revision', { ...event, type: 'ok', f: 'get', revision: 2.5 }],
  ['a fault without a phase', { type: 'fault', name: 'kill', targets: [], timeNs: 1 }],
  [
    'a fault of an unknown effect',
    { type: 'fault', name: 'kill', phase: 'begin', targets: [], timeNs: 1, effect: 'kills' },
  ],
])('the published schema refuses %s', (_, line) => {
  expect(published.Check(line)).toBe(false)
})
