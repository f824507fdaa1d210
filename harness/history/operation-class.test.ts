import { expect, test } from 'vitest'
import { classOf } from './operation-class.ts'

/** `then` of a transaction is no method of a promise. */
const txnOf = (...steps: readonly string[][]) =>
  JSON.parse(`{"compare":[],"then":${JSON.stringify(steps)},"else":[]}`)

test.each([
  [{ f: 'put', value: 'v' }, 'write'],
  [{ f: 'delete' }, 'write'],
  [{ f: 'append', value: 'x' }, 'write'],
  [{ f: 'get' }, 'linearizable-read'],
  [{ f: 'read' }, 'linearizable-read'],
  [{ f: 'range' }, 'linearizable-read'],
  [{ f: 'get', serializable: true }, 'serializable-read'],
  [{ f: 'range', serializable: true }, 'serializable-read'],
  [{ f: 'txn', value: txnOf(['put', 'k', 'v']) }, 'write'],
  [{ f: 'txn', value: txnOf(['get', 'k'], ['put', 'k', 'v']) }, 'write'],
  [{ f: 'txn', value: txnOf(['get', 'k']) }, 'linearizable-read'],
  [{ f: 'txn', value: txnOf() }, 'serializable-read'],
])('%j is a %s', (invocation, expected) => {
  expect(classOf(invocation)).toBe(expected)
})
