import { expect, test } from 'vitest'
import { isLong, longestWindowMs, nextWindowMs, trackWindows } from './window-lengths.ts'

const minuteMs = 60_000

/** The lengths of all windows of a run, when each takes so much besides. */
function lengthsOf(durationMs: number, besidesMs: number): { lengths: number[]; endMs: number } {
  let nowMs = 0
  const clock = trackWindows(durationMs, () => nowMs)
  const lengths: number[] = []
  for (let length = clock.next(); length > 0; length = clock.next()) {
    lengths.push(length)
    nowMs += length + besidesMs
  }
  return { lengths, endMs: nowMs }
}

test('a chaos up to one window has no windows', () => {
  expect(isLong(longestWindowMs)).toBe(false)
  expect(isLong(longestWindowMs + 1)).toBe(true)
})

test('windows last two minutes, and towards the end half of the rest each', () => {
  const { lengths } = lengthsOf(10 * minuteMs, 0)
  expect(lengths.map((ms) => ms / 1_000)).toEqual([120, 120, 120, 120, 60, 30, 15, 15])
})

test('a run ends when it is to end, whatever its windows take besides', () => {
  for (const besidesMs of [1_000, 5_000, 10_000]) {
    const { endMs } = lengthsOf(10 * minuteMs, besidesMs)
    expect(Math.abs(endMs - 10 * minuteMs)).toBeLessThan(8_000)
  }
})

test('a rest that is too short for a window is none', () => {
  expect(nextWindowMs(5_000)).toBe(0)
  expect(nextWindowMs(-1)).toBe(0)
})
