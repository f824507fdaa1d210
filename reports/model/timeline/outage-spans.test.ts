import { expect, test } from 'vitest'
import { bareScenario, nsOf, putEvents, saveAndRead } from '../../testing/saved-history.ts'
import { outageSpansOf } from './outage-spans.ts'
import { timeAxisOf } from './time-axis.ts'

const scenario = bareScenario()

test('without marks a measured outage lies at the longest stretch without a success', async () => {
  const history = await saveAndRead(
    [
      putEvents(1, 0, 0.1),
      putEvents(2, 1, 1.1, 'info'),
      putEvents(3, 2, 3),
      putEvents(4, 3, 3.2),
    ].flat(),
  )
  const measured = { ...scenario, measures: { writeOutageMs: 2_700 } }
  expect(outageSpansOf(measured, history, timeAxisOf(measured, history))).toEqual([
    { of: 'writes', fromS: 0.1, toS: 3, lengthMs: 2_700 },
  ])
})

test('an outage without an end lasts until the end of the scenario', async () => {
  const history = await saveAndRead(putEvents(1, 0, 9))
  const outage = {
    of: 'writes',
    beginNs: nsOf(2),
    endNs: null,
    leastMs: 500,
    mostMs: null,
  } as const
  const recorded = { ...scenario, outages: [outage, { ...outage, member: 'm1' }] }
  const axis = timeAxisOf(recorded, history)
  expect(outageSpansOf(recorded, history, axis)).toEqual([
    { of: 'writes', fromS: 2, toS: axis.lengthS, lengthMs: 500 },
  ])
})

test('a mark says by its field, not by its text, what was out', async () => {
  const history = await saveAndRead(putEvents(1, 0, 9))
  const mark = { of: 'writes' as const, text: 'reads, says the text' }
  const marks = [
    { timeNs: nsOf(2), kind: 'outage-begin' as const, ...mark },
    { timeNs: nsOf(5), kind: 'outage-end' as const, ...mark },
  ]
  const marked = { ...scenario, marks }
  const outages = outageSpansOf(marked, history, timeAxisOf(marked, history))
  expect(outages).toEqual([{ of: 'writes', fromS: 2, toS: 5, lengthMs: 3_000 }])
})
