import { expect, test } from 'vitest'
import { isolate, kill, loss } from '../faults/index.ts'
import { missingCapability } from './missing-capability.ts'

const iptables = { name: 'iptables', available: true, detail: 'rules of a sidecar' }
const statistic = { name: 'iptables-statistic', available: false, detail: 'no such module' }

test('a fault that needs a missing capability makes its scenario not applicable, with the reason', () => {
  const found = [iptables, statistic]
  expect(missingCapability([kill, loss(0.1)], found)).toBe(
    'this machine has no iptables-statistic: no such module',
  )
  expect(missingCapability([kill, isolate], found)).toBeUndefined()
})

test('a capability that was not looked for is not missing', () => {
  expect(missingCapability([loss(0.1)], [])).toBeUndefined()
  expect(missingCapability([loss(0.1)], [iptables])).toBeUndefined()
})
