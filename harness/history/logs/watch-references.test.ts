import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WatchedEvent } from './watch.ts'
import { createReferrer, createResolver } from './watch-references.ts'

const put = (modRevision: number, value = 'v'): WatchedEvent => ({
  type: 'put',
  key: 'k',
  value,
  modRevision,
  createRevision: 1,
  version: modRevision,
})
const run = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => put(from + index))

test('what every watcher received is written once', () => {
  const refer = createReferrer()
  expect(refer(run(1, 3))).toEqual(run(1, 3))
  expect(refer(run(1, 3))).toEqual([[0, 2]])
  expect(refer([put(2), put(4), put(1)])).toEqual([1, put(4), 0])
})

test('events that differ in anything are written out', () => {
  const refer = createReferrer()
  refer([put(1)])
  expect(refer([put(1, 'other')])).toEqual([put(1, 'other')])
})

test('an event that is repeated, reordered or split stays so', () => {
  const [refer, resolve] = [createReferrer(), createResolver()]
  const messages = [run(1, 3), [put(2), put(2)], [put(3), put(2)], [], [put(1)]]
  for (const events of messages) expect(resolve(refer(events))).toEqual(events)
})

test('any log of messages is read back as it was, whatever is still known', () => {
  const event = fc.record({
    type: fc.constantFrom('put' as const, 'delete' as const),
    key: fc.constantFrom('a', 'b'),
    value: fc.string({ maxLength: 3 }),
    modRevision: fc.integer({ min: 0, max: 6 }),
  })
  const messages = fc.array(fc.array(event, { maxLength: 8 }), { maxLength: 30 })
  fc.assert(
    fc.property(messages, fc.integer({ min: 0, max: 600 }), (all, keepChars) => {
      const [refer, resolve] = [createReferrer(keepChars), createResolver()]
      for (const events of all) {
        const line = JSON.stringify(refer(events))
        expect(resolve(JSON.parse(line))).toEqual(events)
      }
    }),
  )
})

test('watchers that received the same event share it', () => {
  const [refer, resolve] = [createReferrer(), createResolver()]
  const [first] = resolve(refer([put(1)]))
  const [second] = resolve(refer([put(1)]))
  expect(second).toBe(first)
})

test.each([[0], [[0, 0]], [[1, 0]]] as const)(
  'a reference %j to nothing is refused',
  (reference) => {
    expect(() => createResolver()([reference])).toThrow('Expected a reference to one of 0 events')
  },
)
