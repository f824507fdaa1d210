import { expect, test } from 'vitest'
import { effects } from '../../../harness/core/effect.ts'
import {
  bareScenario,
  faultEvent,
  nsOf,
  putEvents,
  saveAndRead,
} from '../../testing/saved-history.ts'
import { faultSpans, stateOfEffect } from './fault-spans.ts'
import { memberLanesOf } from './lanes.ts'
import { timeAxisOf } from './time-axis.ts'

const scenario = bareScenario()

test('a lane shows down rather than isolated, and up after both', async () => {
  const history = await saveAndRead([
    ...putEvents(1, 0, 10),
    faultEvent('cuts', 'begin', 2),
    faultEvent('stops', 'begin', 3),
    faultEvent('stops', 'end', 5),
    faultEvent('cuts', 'end', 7),
  ])
  const axis = timeAxisOf(scenario, history)
  const [lane] = memberLanesOf(scenario, faultSpans(history, axis), axis)
  expect(lane?.states.map(({ state, fromS, toS }) => [state, fromS, toS])).toEqual([
    ['up', 0, 2],
    ['isolated', 2, 3],
    ['down', 3, 5],
    ['isolated', 5, 7],
    ['up', 7, 10],
  ])
})

test('a fault without an end lasts to the end of the axis', async () => {
  const begun = faultEvent('stalls', 'begin', 2)
  const history = await saveAndRead([...putEvents(1, 0, 9), begun])
  expect(faultSpans(history, timeAxisOf(scenario, history))[0]?.toS).toBe(9)
})

test('a lane shows a fault by its effect; one of unknown effect degrades the member', () => {
  expect([...effects, undefined].map(stateOfEffect)).toEqual([
    'down',
    'paused',
    'isolated',
    'degraded',
    'degraded',
    'down',
    'up',
    'degraded',
  ])
})

test('a member is down from its exit, not from the order to kill it', async () => {
  const history = await saveAndRead([
    ...putEvents(1, 0, 10),
    faultEvent('stops', 'begin', 2),
    faultEvent('stops', 'end', 6),
  ])
  const marks = [
    { timeNs: nsOf(2.4), kind: 'member-down' as const, member: 'm1', text: '' },
    { timeNs: nsOf(5.9), kind: 'member-up' as const, member: 'm1', text: '' },
  ]
  const marked = { ...scenario, marks }
  const axis = timeAxisOf(marked, history)
  const [lane] = memberLanesOf(marked, faultSpans(history, axis), axis)
  const down = lane?.states.find(({ state }) => state === 'down')
  expect(down?.fromS).toBeCloseTo(2.4)
  expect(down?.toS).toBeCloseTo(5.9)
})
