import { expect, test } from 'vitest'
import { RequestError } from '../../client/request-error.ts'
import { MemberExitedError } from '../../cluster/errors.ts'
import { DeadlineError, EnvironmentError } from '../../core/errors.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { expectAccepted, expectStarts, inTime, untilKept } from './timed-promise.ts'

const promise = { id: 'it-serves', sentence: 'm1 to serve' }
const polling = { deadlineMs: 500, intervalMs: 1 }
const broken = (message: string) =>
  expect.objectContaining({
    code: 'BROKEN',
    message,
    fields: { expectation: 'it-serves', isTooSlow: true },
  })

test('a promise that comes true in time resolves to what was observed', async () => {
  let looks = 0
  const serve = () => (++looks < 3 ? notYet('silence') : done('served'))
  expect(await untilKept(promise, serve, polling)).toBe('served')
})

test('a promise that never comes true is broken, with how long was waited', async () => {
  await expect(untilKept(promise, () => notYet('silence'), polling)).rejects.toEqual(
    broken('expected m1 to serve within 500 ms, observed silence'),
  )
})

test('a member that rejects every request breaks its promise', async () => {
  const serve = () => Promise.reject(new Error('UNAVAILABLE'))
  await expect(untilKept(promise, serve, polling)).rejects.toEqual(
    broken('expected m1 to serve within 500 ms, observed UNAVAILABLE'),
  )
})

test.each([
  ['the engine lost its container', new EnvironmentError('no container')],
  ['the engine’s API fails', Object.assign(new Error('server error'), { statusCode: 500 })],
])('a promise proves nothing where %s', async (_, thrown) => {
  const serve = () => Promise.reject(thrown)
  await expect(untilKept(promise, serve, polling)).rejects.toThrow(DeadlineError)
})

test('a promise proves nothing on a machine that hardly looks', async () => {
  const serve = async () => {
    await new Promise((resolve) => setTimeout(resolve, 600))
    return notYet('silence')
  }
  await expect(untilKept(promise, serve, polling)).rejects.toThrow(DeadlineError)
})

test('a poll of etcd that ends at its deadline says what it waited for', async () => {
  const wait = () => poll(() => notYet('none'), { what: 'a leader', ...polling })
  await expect(inTime(promise, wait)).rejects.toEqual(
    broken('expected m1 to serve, observed none after 500 ms of waiting for a leader'),
  )
})

test('a deadline of the engine, or of a single request, breaks no promise', async () => {
  const wait = () =>
    poll(() => notYet('none'), { what: 'an exit code', whose: 'engine', ...polling })
  await expect(inTime(promise, wait)).rejects.toThrow(DeadlineError)
  const request = () => Promise.reject(new DeadlineError('Waited 1000 ms for an answer'))
  await expect(inTime(promise, request)).rejects.toThrow(DeadlineError)
})

const rejection = (code: number) =>
  new RequestError({ code, details: 'etcdserver: no' }, { member: 'm1', method: 'Put' })

test.each([
  ['rejects with no fault in force breaks a promise', 9, false, 'BROKEN'],
  ['rejects with a fault in force proves nothing', 9, true, 'REQUEST'],
  ['does not answer proves nothing', 14, false, 'REQUEST'],
  ['does not know in this version proves nothing', 12, false, 'REQUEST'],
])('a request of the scenario that etcd %s', async (_, grpcCode, hasFaults, code) => {
  const steps = () => Promise.reject(rejection(grpcCode))
  await expect(expectAccepted(steps, () => hasFaults)).rejects.toMatchObject({ code })
})

test('a member that exits when it is started breaks a promise, with its last lines', async () => {
  const exited = new MemberExitedError({ member: 'm2', exitStatus: 1, logs: 'panic: lost' })
  await expect(expectStarts(() => Promise.reject(exited))).rejects.toMatchObject({
    code: 'BROKEN',
    fields: { expectation: 'started-member-runs' },
    message: expect.stringMatching(/^expected member m2 to run once it is started, .*panic: lost/),
  })
})
