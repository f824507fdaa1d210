import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { kindOf, startTally, type Tally } from './tally.ts'
import { sampleLoad } from './testing/sample-load.ts'

async function writeUntilOver(tally: Tally, everyMs: number): Promise<number> {
  let count = 0
  for (; tally.goesOn(); count++) {
    await delay(everyMs)
    tally.acknowledged(count % 2, everyMs)
  }
  return count
}

test('the clock starts at the last client’s first answer, or at the deadline', async () => {
  const loads = [sampleLoad({ timeoutMs: 60_000 }), sampleLoad({ timeoutMs: 300 })]
  const [waiting, late] = loads.map((load) => startTally(load)) as [Tally, Tally]
  const startedMs = performance.now()
  while (late.goesOn()) {
    expect(waiting.goesOn()).toBe(true)
    await delay(5)
    for (const tally of [waiting, late]) tally.acknowledged('the first', 1)
  }
  expect(performance.now() - startedMs).toBeGreaterThan(300)
  expect(late.finish().inWindow).toBeGreaterThan(0)
  waiting.acknowledged('the second', 1)
  expect(waiting.finish()).toMatchObject({ inWindow: 0, windowMs: 0, writesPerS: 0 })
  const count = await writeUntilOver(waiting, 5)
  expect(waiting.finish().inWindow).toBeGreaterThan(0)
  expect(waiting.finish().inWindow).toBeLessThanOrEqual(count)
})

test('a write of the warm-up counts, but not in the rate', async () => {
  const tally = startTally(sampleLoad({ warmUpMs: 200, windowMs: 1_000 }))
  const count = await writeUntilOver(tally, 5)
  const { sent, acknowledged, inWindow, writesPerS, windowMs, eachSecond, endedBy } = tally.finish()
  expect([sent, acknowledged]).toEqual([count, count])
  expect(inWindow).toBeLessThan(count)
  expect(inWindow).toBeGreaterThan(count / 2)
  expect(windowMs).toBe(1_000)
  expect(writesPerS).toBe(inWindow)
  expect(eachSecond).toEqual([inWindow])
  expect(endedBy).toBe('time')
})

test('the run ends at the count, and the rate is over the time it took', async () => {
  const tally = startTally(sampleLoad({ warmUpMs: 0, windowMs: 60_000, mostRequests: 20 }))
  await writeUntilOver(tally, 10)
  const { acknowledged, windowMs, endedBy } = tally.finish()
  expect([acknowledged, endedBy]).toEqual([20, 'count'])
  expect(windowMs).toBeLessThan(30_000)
})

test('the run ends at more errors than all clients may meet at once', () => {
  const tally = startTally(sampleLoad({ clients: 7, windowMs: 60_000 }))
  let errors = 0
  for (; tally.goesOn(); errors++) tally.failed('refused')
  expect(errors).toBe(108)
  expect(tally.finish()).toMatchObject({ endedBy: 'errors', errors: { refused: 108 } })
})

test('a write without any answer counts as sent', () => {
  const tally = startTally(sampleLoad())
  tally.acknowledged(0, 1)
  tally.failed('timeout')
  expect(tally.finish(5)).toMatchObject({ sent: 5, acknowledged: 1 })
})

test('errors that differ in numbers alone are one kind', () => {
  expect(kindOf('read ECONNRESET 127.0.0.1:20431')).toBe(kindOf('read ECONNRESET 127.0.0.1:20433'))
  const tally = startTally(sampleLoad({ clients: 200 }))
  for (let index = 0; index < 50; index++) tally.failed(`kind ${'x'.repeat(index)}`)
  expect(Object.keys(tally.finish().errors)).toHaveLength(21)
  expect(tally.finish().errors.other).toBe(30)
})

test('the run ends at the signal, and the longest gap between answers is known', async () => {
  const stopping = new AbortController()
  const tally = startTally(sampleLoad({ windowMs: 60_000 }), stopping.signal)
  tally.acknowledged(0, 1)
  await delay(120)
  tally.acknowledged(1, 1)
  expect(tally.goesOn()).toBe(true)
  stopping.abort()
  expect(tally.goesOn()).toBe(false)
  const { endedBy, longestGapMs, eachSecond } = tally.finish()
  expect(endedBy).toBe('signal')
  expect(longestGapMs).toBeGreaterThan(100)
  expect(eachSecond.length).toBeLessThan(3)
})
