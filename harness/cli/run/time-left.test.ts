import { expect, test } from 'vitest'
import { trackTimeLeft } from './time-left.ts'

test('what scenarios took corrects what the others are expected to take', () => {
  let nowMs = 0
  const expected = new Map([
    ['a/1', 10_000],
    ['a/2', 20_000],
    ['b/3', 60_000],
  ])
  const left = trackTimeLeft(expected, () => nowMs)
  left.begin('a/1')
  expect(left.current()).toBe('a/1 (1 of 3, about 2 min left)')
  nowMs = 20_000
  left.end('a/1')
  left.begin('a/2')
  expect(left.placeOf('a/2')).toBe('2 of 3, about 3 min left')
  nowMs = 30_000
  expect(left.current()).toBe('a/2 (2 of 3, about 3 min left)')
  left.end('a/2')
  left.begin('b/3')
  nowMs = 1_000_000
  expect(left.current()).toBe('b/3 (3 of 3, about 1 s left)')
})

test('one scenario that took ten times as long says nothing of the rest', () => {
  let nowMs = 0
  const ids = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5']
  const left = trackTimeLeft(new Map(ids.map((id) => [id, 60_000])), () => nowMs)
  for (const [id, tookMs] of [
    ['a/1', 60_000],
    ['a/2', 600_000],
    ['a/3', 60_000],
  ] as const) {
    left.begin(id)
    nowMs += tookMs
    left.end(id)
  }
  expect(left.placeOf('a/4')).toBe('4 of 5, about 2 min left')
})

test('what is no planned scenario has no place and changes nothing', () => {
  const left = trackTimeLeft(new Map([['a/1', 10_000]]), () => 0)
  left.begin('a member is killed')
  left.end('a member is killed')
  expect(left.placeOf('a member is killed')).toBeUndefined()
  expect(left.current()).toBeUndefined()
  expect(left.placeOf('a/1')).toBe('1 of 1, about 10 s left')
})
