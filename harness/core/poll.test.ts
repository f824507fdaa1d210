import { expect, test } from 'vitest'
import { DeadlineError } from './errors.ts'
import { done, notYet, poll } from './poll.ts'

test('the value is returned once the state is as wanted', async () => {
  let calls = 0
  const value = await poll(() => (++calls < 3 ? notYet('starting') : done('up')), {
    what: 'the member',
    deadlineMs: 60_000,
    intervalMs: 1,
  })
  expect(value).toBe('up')
  expect(calls).toBe(3)
})

test('a deadline says what was awaited and what was last seen, a throw included', async () => {
  const waiting = poll(
    () => {
      throw new Error('connection refused')
    },
    { what: 'the member', deadlineMs: 20, intervalMs: 5 },
  )
  await expect(waiting).rejects.toThrow(DeadlineError)
  await expect(waiting).rejects.toThrow(
    'Waited 20 ms for the member; last seen: connection refused',
  )
})
