import { expect, test } from 'vitest'
import { MemberExitedError } from './errors.ts'

const exited = (logs: string) => new MemberExitedError({ member: 'm2', exitStatus: 1, logs })

test('the message has the last lines on one line', () => {
  expect(exited('one\ntwo\n\nthree\nfour\n').message).toBe(
    'Expected member `m2` to run, got exit status 1; its last lines: two | three | four',
  )
})

test("etcd's complaint is shown rather than the usage after it", () => {
  const usage = 'Usage:\n\n  etcd [flags]\n    Start an etcd server.\n'
  expect(exited(`flag provided but not defined: -x\n${usage}`).message).toContain(
    'lines: flag provided but not defined: -x',
  )
})

test('a long line is cut in the message and whole in the fields', () => {
  const long = 'x'.repeat(5_000)
  const error = exited(long)
  expect(error.message.length).toBeLessThan(500)
  expect(error.fields.logTail).toBe(long)
})
