import { expect, test } from 'vitest'
import { isolate, kill, killDoor, loss, slowDisk } from '../../faults/index.ts'
import { clusterSpec } from '../../topology/presets.ts'
import type { Scenario } from '../scenario.ts'
import { samplePlan } from '../testing/sample-plan.ts'
import { fitScenario } from './fit-scenario.ts'
import { missingCapability, missingFsync } from './missing-needs.ts'

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

test('a disk is slowed down for members that wait for it alone', () => {
  const faults = [kill, slowDisk({ writeOpsPerS: 20 })]
  const spec = (value: string) =>
    clusterSpec({ version: '3.5.16', options: { 'unsafe-no-fsync': value } })
  expect(missingFsync(faults, spec('true'))).toMatch(/unsafe-no-fsync .*which slow-disk slows down/)
  expect(missingFsync(faults, spec('false'))).toBeUndefined()
  expect(missingFsync([kill], spec('true'))).toBeUndefined()
})

test('a fault of doors needs a cluster with some', () => {
  const scenario = { faults: [kill, killDoor] } as unknown as Scenario
  const plan = samplePlan()
  expect(fitScenario(scenario, plan).inapplicable).toBe(
    'clients connect to the members here: kill-door needs doors between them',
  )
  const spec = { ...plan.spec, door: 'gateway' } as const
  expect(fitScenario(scenario, { ...plan, spec }).inapplicable).toBeUndefined()
})
