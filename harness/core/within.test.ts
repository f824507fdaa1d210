import { expect, test } from 'vitest'
import { DeadlineError } from './errors.ts'
import { within } from './within.ts'

test('what ends in time is the result, also when it fails', async () => {
  expect(await within(5_000, 'it did not end', Promise.resolve(7))).toBe(7)
  await expect(within(5_000, 'x', Promise.reject(new RangeError('own')))).rejects.toThrow('own')
})

test('what never ends is a deadline', async () => {
  const never = Promise.withResolvers<never>().promise
  const waiting = within(20, 'it did not end', never)
  await expect(waiting).rejects.toThrow(DeadlineError)
  await expect(waiting).rejects.toThrow('it did not end within 20 ms')
})
