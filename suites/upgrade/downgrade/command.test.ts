import { expect, test } from 'vitest'
import { olderBinaryReason } from './command.ts'

test.each([
  ['3.4.23 on 3.5', '"level":"fatal","msg":"invalid downgrade; server version is lower than'],
  [
    '3.3.25 on 3.4',
    'C | membership: cluster cannot be downgraded (current version: 3.3.25 is lower',
  ],
  [
    '3.6.14 on 3.7',
    String.raw`"msg":"discovery failed","error":"version \"3.7.0\" is not supported"`,
  ],
])('what %s logs is a reason to exit on newer data', (_, line) => {
  expect(line).toMatch(olderBinaryReason)
})

test('no line of every start is a reason to exit on newer data', () => {
  const start =
    '"msg":"starting an etcd server","downgrade-check-interval":"5s","auth-token":"simple"'
  expect(start).not.toMatch(olderBinaryReason)
})
