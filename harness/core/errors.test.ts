import { expect, test } from 'vitest'
import { causesOf, messageOf } from './errors.ts'

test('a message is one line, and never empty', () => {
  expect(messageOf(new Error('first\n   second'))).toBe('first second')
  expect(messageOf('said so')).toBe('said so')
  expect(messageOf(new TypeError(''))).toBe('an error without a message (TypeError)')
  expect(messageOf(new AggregateError([]))).toBe('an error without a message (AggregateError)')
})

test('every cause of an aggregate is said', () => {
  const refused = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')])
  expect(messageOf(refused)).toBe('::1 refused; 127.0.0.1 refused')
})

test('an error that undoing met is said after the error that made it undo', async () => {
  const thrown = await unwind()
  expect(thrown).toBeInstanceOf(SuppressedError)
  expect(messageOf(thrown)).toBe(
    'no leader within 9 s; the network stays cut; the process stays paused',
  )
})

test('causes of nested errors come in the order in which they happened', async () => {
  const both = new AggregateError([await unwind(), 'port taken'], 'nothing started')
  expect(causesOf(both).map(messageOf)).toEqual([
    'no leader within 9 s',
    'the network stays cut',
    'the process stays paused',
    'port taken',
  ])
  const [empty, single] = [new AggregateError([], 'none'), new Error('one')]
  expect([causesOf(empty), causesOf(single)]).toEqual([[empty], [single]])
})

/** What a block throws that fails, and so do both undos of its faults. */
async function unwind(): Promise<unknown> {
  const failing = (message: string) => () => Promise.reject(new Error(message))
  try {
    await using undo = new AsyncDisposableStack()
    undo.defer(failing('the process stays paused'))
    undo.defer(failing('the network stays cut'))
    throw new Error('no leader within 9 s')
  } catch (thrown) {
    return thrown
  }
}
