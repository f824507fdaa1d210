import { expect, test } from 'vitest'
import { portOf } from './port-of.ts'

test.each([
  ['http://etcd:2379', 2379],
  ['http://etcd', 80],
  ['http://etcd:80', 80],
  ['https://etcd:443', 443],
  ['https://[::1]', 443],
])('the port of %s is %i', (url, port) => {
  expect(portOf(new URL(url))).toBe(port)
})
