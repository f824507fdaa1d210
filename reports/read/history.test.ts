import { expect, test } from 'vitest'
import { putEvents, saveAndRead } from '../testing/saved-history.ts'
import { readSavedHistory } from './history.ts'

test('a truncated history is read up to its damaged line, which the damage names', async () => {
  const history = await saveAndRead(putEvents(1, 0, 1), '{"type":"invo')
  expect(history.operations).toHaveLength(1)
  expect(history.damage).toContain('line 4')
})

test('line separators within a value do not split its line', async () => {
  const events = putEvents(1, 0, 1).map((event) => ({ ...event, value: 'a\u2028b\u2029c' }))
  const history = await saveAndRead(events)
  expect(history.damage).toBeUndefined()
  expect(history.operations[0]?.invoke.value).toBe('a\u2028b\u2029c')
})

test('a completion without an invocation ends the readable part', async () => {
  const [invoke, completion] = putEvents(1, 0, 1)
  const history = await saveAndRead([invoke, completion, completion].flatMap((one) => one ?? []))
  expect(history.operations).toHaveLength(1)
  expect(history.damage).toBe(
    'history.jsonl, line 4: Expected an invocation of process 1 before its completion, got ok; ' +
      'shown up to there',
  )
})

test('a missing history is reported, not thrown', async () => {
  expect((await readSavedHistory('/nowhere/history.jsonl')).damage).toBe('No history was saved')
})

test('an event that no model has is shown, a line that is no event ends the readable part', async () => {
  const events = putEvents(1, 0, 1).map((event) => ({ ...event, f: 'enqueue' }))
  const history = await saveAndRead(events, '{"type":"odd","timeNs":1}\n')
  expect(history.operations).toMatchObject([{ f: 'enqueue', outcome: 'ok' }])
  expect(history.damage).toMatch(/^history\.jsonl, line 4: Expected `type`/)
})

test('memory stays bounded: a line of more than 16 MiB ends the readable part', async () => {
  const history = await saveAndRead(putEvents(1, 0, 1), `{"pad":"${'x'.repeat(17 * 2 ** 20)}"}\n`)
  expect(history.operations).toHaveLength(1)
  expect(history.damage).toContain('line 4: Expected lines under 16 MiB')
})
