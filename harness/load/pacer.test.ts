import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startPacer } from './pacer.ts'

test('a closed loop starts the next request at once', () => {
  const pacer = startPacer({}, () => true)
  const startedMs = performance.now()
  let dueMs = 0
  pacer.next((ms) => {
    dueMs = ms
  })
  expect(dueMs).toBeGreaterThanOrEqual(startedMs)
  expect(dueMs).toBeLessThanOrEqual(performance.now())
  expect(pacer.notStarted(performance.now() + 1_000)).toBe(0)
})

test('an open loop has fixed times, whenever clients are free', async () => {
  const untilMs = performance.now() + 200
  const pacer = startPacer({ ratePerS: 100 }, (dueMs) => dueMs < untilMs)
  const due: number[] = []
  let isOver = false
  const take = (ms: number) => {
    if (ms >= untilMs) isOver = true
    else due.push(ms)
  }
  pacer.next(take)
  await delay(100)
  // One client was free meanwhile: the others of that time are overdue, and come at once.
  for (let turn = 0; turn < 8; turn++) pacer.next(take)
  expect(due).toHaveLength(9)
  while (!isOver) {
    pacer.next(take)
    await delay(1)
  }
  expect(due).toHaveLength(20)
  const steps = due.slice(1).map((ms, index) => ms - (due[index] ?? 0))
  for (const step of steps) expect(step).toBeCloseTo(10, 5)
  expect(pacer.notStarted(untilMs)).toBe(0)
  expect(pacer.notStarted(untilMs + 100)).toBe(10)
})

test('a client that is free at once takes all overdue turns', async () => {
  const turns = 20_000
  let taken = 0
  const pacer = startPacer({ ratePerS: 1e7 }, () => taken < turns)
  await delay(20)
  const { promise, resolve } = Promise.withResolvers<void>()
  const begin = () => {
    if (taken === turns) return resolve()
    taken++
    pacer.next(begin)
  }
  pacer.next(begin)
  await promise
  expect(pacer.notStarted(0)).toBe(0)
})

test('clients that wait are released when the run is over', async () => {
  let isOver = false
  const pacer = startPacer({ ratePerS: 0.001 }, () => !isOver)
  pacer.next(() => {})
  const released = new Promise((resolve) => pacer.next(resolve))
  isOver = true
  await released
})
