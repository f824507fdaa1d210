import { expect, test } from 'vitest'
import { phaseOf, phasesOf } from './phases.ts'

const steady = (timeNs: number) => ({ kind: 'steady', timeNs }) as const
const at = (dueNs: number, phases: ReturnType<typeof phasesOf>) => phaseOf({ dueNs }, phases)

test('the time before the first fault begins with the proof of the steady state', () => {
  const phases = phasesOf([{ beginNs: 10, endNs: 20 }], [steady(5), steady(25)])
  expect([4, 5, 9, 10, 19, 24, 25, 99].map((dueNs) => at(dueNs, phases))).toEqual([
    undefined,
    'before',
    'before',
    'during',
    'during',
    'during',
    'after',
    'after',
  ])
})

test('without a fault the whole drill is before it', () => {
  const phases = phasesOf([], [steady(5), steady(50)])
  expect([at(4, phases), at(5, phases), at(99, phases)]).toEqual([undefined, 'before', 'before'])
})

test('between two faults the time counts from a proof, and no proof counts during a fault', () => {
  const windows = [
    { beginNs: 10, endNs: 20 },
    { beginNs: 40, endNs: 60 },
  ]
  const phases = phasesOf(windows, [steady(5), steady(15), steady(30), steady(45)])
  expect(phases.after).toEqual([{ fromNs: 30, toNs: 40 }])
  expect([at(16, phases), at(25, phases), at(35, phases), at(70, phases)]).toEqual([
    'during',
    'during',
    'after',
    'during',
  ])
})
