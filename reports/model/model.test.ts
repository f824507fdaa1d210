import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HistoryEvent, OperationEvent } from '../../harness/history/operations.ts'
import type { ScenarioRecord } from '../../harness/run-record/run-record.ts'
import { sampleRun } from '../../harness/run-record/testing/sample-run.ts'
import { decodePoints } from '../client/decode.ts'
import { readSavedHistory } from '../read/history.ts'
import { timeAxisOf } from './clock.ts'
import { faultWindows, stateOfFault } from './fault-windows.ts'
import { formatDuration } from './format.ts'
import { memberLanesOf } from './lanes.ts'
import { outagesOf } from './outages.ts'
import { packPoints } from './points.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-model-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const [scenario] = sampleRun([{ marks: [], measures: {} }]).scenarios as [ScenarioRecord]
const s = (seconds: number) => seconds * 1e9

function put(process: number, fromS: number, toS: number, type: 'ok' | 'fail' | 'info' = 'ok') {
  const common = { process, f: 'put', key: 'k', member: 'm1' }
  return [
    { type: 'invoke', ...common, timeNs: s(fromS) },
    { type, ...common, timeNs: s(toS) },
  ] satisfies OperationEvent[]
}

async function historyOf(events: readonly HistoryEvent[], tail = '') {
  const file = join(folder, 'history.jsonl')
  const ordered = [...events].sort((one, other) => one.timeNs - other.timeNs)
  const lines = [{ format: 'gauntlet-history/1', model: 'etcd' }, ...ordered]
  writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n${tail}`)
  return await readSavedHistory(file)
}

test('a history that was cut off is read up to there, and the page will say so', async () => {
  const history = await historyOf(put(1, 0, 1), '{"type":"invo')
  expect(history.operations).toHaveLength(1)
  expect(history.damage).toContain('line 4')
})

test('line separators within a value do not split its line', async () => {
  const events = put(1, 0, 1).map((event) => ({ ...event, value: 'a\u2028b\u2029c' }))
  const history = await historyOf(events)
  expect(history.damage).toBeUndefined()
  expect(history.operations[0]?.invoke.value).toBe('a\u2028b\u2029c')
})

test('packed points are what went in, to a tenth of a millisecond and a thousandth of latency', async () => {
  const events = Array.from({ length: 500 }, (_, index) =>
    put(
      index,
      index * 0.013,
      index * 0.013 + 0.0003 * (1 + index),
      index % 3 === 0 ? 'info' : 'ok',
    ),
  ).flat()
  const history = await historyOf(events)
  const packed = packPoints(history.operations, timeAxisOf(scenario, history), 1_000)
  const points = decodePoints(packed)
  expect(packed.count).toBe(500)
  for (const [index, ms] of points.latenciesMs.entries()) {
    expect(Math.abs((points.times[index] ?? 0) - index * 0.013)).toBeLessThan(0.0001)
    expect(Math.abs(ms / (0.3 * (1 + index)) - 1)).toBeLessThan(0.001)
    expect(points.kinds[index]).toBe(index % 3 === 0 ? 2 : 0)
  }
})

test('thinned points keep every kind, so that one failure among thousands stays', async () => {
  const good = Array.from({ length: 5_000 }, (_, index) =>
    put(index, index / 1e4, index / 1e4 + 0.002),
  )
  const history = await historyOf([...good, put(9_999, 0.2, 0.202, 'fail')].flat())
  const packed = packPoints(history.operations, timeAxisOf(scenario, history), 400)
  expect(packed.of).toBe(5_001)
  expect(packed.count).toBeLessThanOrEqual(400)
  expect(decodePoints(packed).kinds.includes(1)).toBe(true)
})

test('a lane says down over isolated, and up again after both', async () => {
  const fault = (name: string, phase: 'begin' | 'end', atS: number): HistoryEvent => ({
    type: 'fault',
    name,
    phase,
    targets: ['m1'],
    timeNs: s(atS),
  })
  const history = await historyOf([
    ...put(1, 0, 10),
    fault('partition', 'begin', 2),
    fault('kill', 'begin', 3),
    fault('kill', 'end', 5),
    fault('partition', 'end', 7),
  ])
  const axis = timeAxisOf(scenario, history)
  const [lane] = memberLanesOf(scenario, faultWindows(history, axis), axis)
  expect(lane?.states.map(({ state, fromS, toS }) => [state, fromS, toS])).toEqual([
    ['up', 0, 2],
    ['isolated', 2, 3],
    ['down', 3, 5],
    ['isolated', 5, 7],
    ['up', 7, 10],
  ])
})

test('a fault that was never undone lasts to the end', async () => {
  const begun: HistoryEvent = {
    type: 'fault',
    name: 'pause',
    phase: 'begin',
    targets: ['m1'],
    timeNs: s(2),
  }
  const history = await historyOf([...put(1, 0, 9), begun])
  expect(faultWindows(history, timeAxisOf(scenario, history))[0]?.toS).toBe(9)
})

test('faults are known by their names: what pauses, kills, cuts off; the rest degrades', () => {
  expect(
    ['pause', 'kill', 'rolling-restart', 'partition-inbound', 'cpu-starved'].map(stateOfFault),
  ).toEqual(['paused', 'down', 'down', 'isolated', 'degraded'])
})

test('without marks a measured outage is placed at the longest stretch without a success', async () => {
  const history = await historyOf(
    [put(1, 0, 0.1), put(2, 1, 1.1, 'info'), put(3, 2, 3), put(4, 3, 3.2)].flat(),
  )
  const measured = { ...scenario, measures: { writeOutageMs: 2_700 } }
  expect(outagesOf(measured, history, timeAxisOf(measured, history))).toEqual([
    { of: 'writes', fromS: 0.1, toS: 3, lengthMs: 2_700 },
  ])
})

test('durations are said as a person would', () => {
  expect([null, 0, 2.13, 840, 1_312, 21_400, 125_000].map(formatDuration)).toEqual([
    '–',
    '0 ms',
    '2.1 ms',
    '840 ms',
    '1.31 s',
    '21.4 s',
    '2 min 5 s',
  ])
})

test('a member is down from when it was gone, not from when the kill was ordered', async () => {
  const kill = (phase: 'begin' | 'end', atS: number): HistoryEvent => ({
    type: 'fault',
    name: 'kill',
    phase,
    targets: ['m1'],
    timeNs: s(atS),
  })
  const history = await historyOf([...put(1, 0, 10), kill('begin', 2), kill('end', 6)])
  const marks = [
    { timeNs: s(2.4), kind: 'member-down' as const, member: 'm1', text: '' },
    { timeNs: s(5.9), kind: 'member-up' as const, member: 'm1', text: '' },
  ]
  const marked = { ...scenario, marks }
  const axis = timeAxisOf(marked, history)
  const [lane] = memberLanesOf(marked, faultWindows(history, axis), axis)
  const down = lane?.states.find(({ state }) => state === 'down')
  expect(down?.fromS).toBeCloseTo(2.4)
  expect(down?.toS).toBeCloseTo(5.9)
})
