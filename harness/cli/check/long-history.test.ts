import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { simulateEtcd } from '../../checkers/testing/etcd-simulator.ts'
import { encodeHistory } from '../../history/codec.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import { readLongHistory } from './long-history.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-long-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fault = { type: 'fault', name: 'kill', phase: 'begin', targets: ['m1'], timeNs: 0 } as const
const { header, events } = simulateEtcd({
  seed: 2,
  operations: 500,
  keys: 5,
  processes: 4,
  unknownShare: 0.01,
})

async function judge(changed: readonly HistoryEvent[], options = {}) {
  const file = join(folder, 'history.jsonl')
  writeFileSync(file, encodeHistory({ header, events: [fault, ...changed] }))
  const input = await readLongHistory(file, options)
  const verdict = input.judge(0)
  return { verdict, line: input.placeOf(verdict.evidence?.culprit ?? 0).line }
}

test('a history that is judged while it is read has its verdict, and names the line', async () => {
  expect((await judge(events)).verdict).toMatchObject({ verdict: 'valid', operations: 500 })
  const at = events.findLastIndex(({ type, f, value }) => type === 'ok' && f === 'get' && value)
  const process = events[at]?.process
  const asked = events.findLastIndex((event, index) => {
    return index < at && event.type === 'invoke' && event.process === process
  })
  const found = await judge(events.with(at, { ...events[at], value: 'x' } as HistoryEvent))
  expect(found.verdict).toMatchObject({ verdict: 'invalid' })
  expect(found.line).toBe(asked + 3)
})

test('a wrong line is refused with its number', async () => {
  const wrong = { type: 'ok', process: 99, f: 'get', timeNs: 0 } as HistoryEvent
  await expect(judge([wrong])).rejects.toThrow('history.jsonl:3: Expected an invocation')
})

test('without time it is given up', async () => {
  expect((await judge(events, { timeoutS: 0 })).verdict).toMatchObject({ verdict: 'unknown' })
})
