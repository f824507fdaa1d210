import { expect, test } from 'vitest'
import { createJoiner, joinRequests } from './join.ts'

const request = (type: 'invoke' | 'ok' | 'info', process = 0) => ({ type, process, f: 'grant' })

test('requests of any log are joined, and entries of other types stand between them', () => {
  const [begun, leader, done] = [request('invoke'), { type: 'leader' }, request('ok')]
  expect(joinRequests([begun, leader, done])).toEqual([
    {
      process: 0,
      f: 'grant',
      outcome: 'ok',
      invoke: begun,
      completion: done,
      invokeIndex: 0,
      completeIndex: 2,
    },
  ])
})

test('an operation is unknown until it completes, and after it completes as info', () => {
  const joiner = createJoiner<ReturnType<typeof request>>()
  joiner.add(request('invoke'), 0)
  expect(joiner.joined).toMatchObject([{ outcome: 'info', completeIndex: Infinity }])
  joiner.add(request('info'), 1)
  expect(joiner.joined).toMatchObject([{ outcome: 'info', completeIndex: Infinity }])
  expect(joiner.joined[0]?.completion).toEqual(request('info'))
})

test('a completion without an invocation is an error that names its place', () => {
  const twice = [request('invoke', 4), request('ok', 4), request('ok', 4)]
  expect(() => joinRequests(twice)).toThrow(
    new RangeError('Expected an invocation of process 4 before event 2'),
  )
})
