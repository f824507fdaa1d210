import { expect, test } from 'vitest'
import * as faults from '../../faults/index.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { steady } from '../../workload/presets.ts'
import type { Scenario } from '../scenario.ts'
import { planWatching } from './watching-plan.ts'

const scenario: Scenario = {
  id: 'a/b',
  title: 'Members serve',
  depth: 'ci',
  workload: steady,
  faults: [],
  act: async () => {},
}
const spec = clusterSpec({ version: '3.7.1' })
const plan = (differs: Partial<Scenario> = {}, options: Readonly<Record<string, string>> = {}) =>
  planWatching({ ...scenario, ...differs }, { seed: 1 }, { ...spec, options })

test('a scenario that says nothing is watched whole, from early and late on', () => {
  const watching = plan()
  expect(watching).toMatchObject({ recordsCompactions: true })
  expect(watching?.keys).toBeUndefined()
  expect(watching?.everyMs).toBeGreaterThan(0)
  expect(plan({ lateWatchers: { everyMs: 75 } })?.everyMs).toBe(75)
})

test('a scenario that skips the `watch` checker is not watched', () => {
  expect(plan({ skippedCheckers: { watch: 'it shows one bug' } })).toBeUndefined()
  expect(plan({ skippedCheckers: { logs: 'a member exits' } })).toBeDefined()
})

test('what others write is not watched, and their compactions are on record', () => {
  const { keys, recordsCompactions } = plan({ foreignWrites: 'fills the quota' }) ?? {}
  expect(keys?.key && 'filler/1' < keys.key && keys.key < 'k0').toBe(true)
  expect(recordsCompactions).toBe(true)
})

test('compactions are not all on record where etcd or a fault compacts', () => {
  const compacts = { 'auto-compaction-retention': '1h' }
  expect(plan({}, compacts)?.recordsCompactions).toBe(false)
  expect(plan({}, { 'auto-compaction-retention': '0' })?.recordsCompactions).toBe(true)
  expect(plan({ faults: [faults.compact] })?.recordsCompactions).toBe(false)
  expect(plan({ faults: [faults.defragment] })?.recordsCompactions).toBe(true)
})
