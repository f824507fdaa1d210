import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startClock } from '../core/clock.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { parseHistory, readHistoryFile } from './codec.ts'
import { openRecorder } from './recorder.ts'

async function setUp(flushMs?: number) {
  const directory = await mkdtemp(join(tmpdir(), 'recorder-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const path = join(directory, 'history.jsonl')
  const options = { path, header: { model: 'etcd', seed: 7 }, clock: startClock() } as const
  const recorder = await openRecorder({ ...options, ...(flushMs !== undefined && { flushMs }) })
  return { path, recorder, options }
}

test('the file and the memory hold the same events in the same order', async () => {
  const { path, recorder } = await setUp()
  recorder.invoke(0, { f: 'put', key: 'k', value: 'v1', member: 'm1' })
  recorder.fault({ name: 'kill', phase: 'begin', targets: ['m1'] })
  recorder.complete(0, { type: 'info', error: 'lost' })
  await recorder[Symbol.asyncDispose]()
  const { header, events, warnings } = await readHistoryFile(path)
  expect(warnings).toEqual([])
  expect(header).toEqual({ format: 'gauntlet-history/1', model: 'etcd', seed: 7 })
  expect(events).toEqual(recorder.history().events)
  expect(events.map(({ type }) => type)).toEqual(['invoke', 'fault', 'info'])
})

test('an event reaches the file although nothing flushes it', async () => {
  const { path, recorder } = await setUp()
  recorder.invoke(0, { f: 'put', key: 'k', value: 'v1' })
  await poll(
    async () => {
      const { events } = parseHistory(await readFile(path, 'utf8'))
      return events.length === 1 ? done(true) : notYet('not written')
    },
    { what: 'the event in the file', deadlineMs: 60_000, intervalMs: 5 },
  )
  await recorder[Symbol.asyncDispose]()
})

test('flush writes at once, and does nothing on an empty or closed recorder', async () => {
  const { path, recorder } = await setUp(60_000)
  recorder.invoke(0, { f: 'put', key: 'k', value: 'v1' })
  await recorder.flush()
  await recorder.flush()
  expect(parseHistory(await readFile(path, 'utf8')).events).toHaveLength(1)
  await recorder[Symbol.asyncDispose]()
  await recorder[Symbol.asyncDispose]()
  await recorder.flush()
})

test('a process has one open invocation at most, and completes only what it invoked', async () => {
  const { recorder } = await setUp()
  await using _ = recorder
  recorder.invoke(0, { f: 'get', key: 'k' })
  expect(() => recorder.invoke(0, { f: 'get', key: 'k' })).toThrow(RangeError)
  expect(() => recorder.complete(1, { type: 'ok' })).toThrow(RangeError)
  recorder.complete(0, { type: 'ok' })
  expect(() => recorder.complete(0, { type: 'ok' })).toThrow(RangeError)
})

test('a fresh process has a number that no process had', async () => {
  const { recorder } = await setUp()
  await using _ = recorder
  recorder.invoke(5, { f: 'get', key: 'k' })
  expect([recorder.freshProcess(), recorder.freshProcess()]).toEqual([6, 7])
})

test('an existing history is not overwritten', async () => {
  const { recorder, options } = await setUp()
  await using _ = recorder
  await expect(openRecorder(options)).rejects.toThrow('EEXIST')
})

test('twenty thousand events cost less than two seconds of a processor', async () => {
  const { path, recorder } = await setUp()
  const before = process.cpuUsage()
  for (let index = 0; index < 10_000; index++) {
    recorder.invoke(index % 8, { f: 'put', key: `k${index % 50}`, value: `v${index}` })
    recorder.complete(index % 8, { type: 'ok', revision: index + 2 })
  }
  await recorder[Symbol.asyncDispose]()
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
  expect((await readHistoryFile(path)).events).toHaveLength(20_000)
})
