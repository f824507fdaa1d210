import { expect, test } from 'vitest'
import { decodePoints } from '../../client/decode.ts'
import { bareScenario, putEvents, saveAndRead } from '../../testing/saved-history.ts'
import { packPoints } from './points.ts'
import { timeAxisOf } from './time-axis.ts'

const scenario = bareScenario()

test('packed points decode to a tenth of a millisecond and a thousandth of the latency', async () => {
  const events = Array.from({ length: 500 }, (_, index) =>
    putEvents(
      index,
      index * 0.013,
      index * 0.013 + 0.0003 * (1 + index),
      index % 3 === 0 ? 'info' : 'ok',
    ),
  ).flat()
  const history = await saveAndRead(events)
  const packed = packPoints(history.operations, timeAxisOf(scenario, history), 1_000)
  const points = decodePoints(packed)
  expect(packed.count).toBe(500)
  for (const [index, ms] of points.latenciesMs.entries()) {
    expect(Math.abs((points.times[index] ?? 0) - index * 0.013)).toBeLessThan(0.0001)
    expect(Math.abs(ms / (0.3 * (1 + index)) - 1)).toBeLessThan(0.001)
    expect(points.kinds[index]).toBe(index % 3 === 0 ? 2 : 0)
  }
})

test('thinned points keep every kind: one failure among thousands stays', async () => {
  const good = Array.from({ length: 5_000 }, (_, index) =>
    putEvents(index, index / 1e4, index / 1e4 + 0.002),
  )
  const history = await saveAndRead([...good, putEvents(9_999, 0.2, 0.202, 'fail')].flat())
  const packed = packPoints(history.operations, timeAxisOf(scenario, history), 400)
  expect(packed.of).toBe(5_001)
  expect(packed.count).toBeLessThanOrEqual(400)
  expect(decodePoints(packed).kinds.includes(1)).toBe(true)
})
