import { expect, test } from 'vitest'
import { faultWindows } from './fault-windows.ts'
import type { FaultEvent } from './operations.ts'

function event(name: string, phase: 'begin' | 'end', timeNs: number, targets = ['m1']): FaultEvent {
  return { type: 'fault', name, phase, targets, timeNs, effect: 'cuts' }
}

const spans = (...events: FaultEvent[]) =>
  faultWindows(events).map(({ name, beginNs, endNs }) => [name, beginNs, endNs])

test('begin and end are joined by name and targets, in any order of the targets', () => {
  expect(
    spans(
      event('a', 'begin', 1, ['m1', 'm2']),
      event('b', 'begin', 2),
      event('a', 'end', 3, ['m2', 'm1']),
      event('b', 'end', 4),
    ),
  ).toEqual([
    ['a', 1, 3],
    ['b', 2, 4],
  ])
})

test('equal faults that overlap end in the order of their begins', () => {
  const [begun, again] = [event('a', 'begin', 1), event('a', 'begin', 2)]
  expect(spans(begun, again, event('a', 'end', 3), event('a', 'end', 4))).toEqual([
    ['a', 1, 3],
    ['a', 2, 4],
  ])
})

test('a fault without an end has no end, an end without a begin is no fault', () => {
  expect(spans(event('a', 'end', 1), event('a', 'begin', 2))).toEqual([['a', 2, Infinity]])
})

test('a window has the proof of its end', () => {
  const proof = { observed: true, expected: 'no process', measured: [] }
  const windows = faultWindows([event('a', 'begin', 1), { ...event('a', 'end', 2), proof }])
  expect(windows).toMatchObject([{ name: 'a', proof }])
})
