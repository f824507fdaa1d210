import { expect, test } from 'vitest'
import { transferPortOf } from './measure-links.ts'

test('members that measure the way to one other at the same time use ports of their own', () => {
  const ports = ['172.20.0.2', '172.20.0.3', '172.20.0.254'].map((address) =>
    transferPortOf({ address }),
  )
  expect(new Set(ports).size).toBe(ports.length)
})
