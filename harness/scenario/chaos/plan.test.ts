import { expect, test } from 'vitest'
import { catalogue } from '../../faults/catalogue.ts'
import type { FaultNeeds } from '../../faults/fault.ts'
import { programs } from '../../workload/programs/index.ts'
import { type ChaosChoice, excludedFaults, planChaos } from './plan.ts'

const capabilities = [...new Set(catalogue.flatMap(({ needs }) => needs.capabilities ?? []))]
const choice: ChaosChoice = { seed: 1, durationMs: 60_000, version: '3.5.16', capabilities }
const seeds = Array.from({ length: 100 }, (_, index) => index)
const plans = seeds.map((seed) => planChaos({ ...choice, seed }))

test('the same seed draws the same plan, and another one another', () => {
  for (const seed of seeds) expect(planChaos({ ...choice, seed })).toEqual(plans[seed])
  expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(100)
})

test('a plan is plain data: its file says all of it', () => {
  for (const plan of plans) expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
})

test('a longer run begins like a shorter one', () => {
  const longer = planChaos({ ...choice, durationMs: 600_000 })
  expect(longer.steps.slice(0, plans[1]?.steps.length)).toEqual(plans[1]?.steps)
})

test('every fault that fits is drawn sooner or later, and none that does not', () => {
  const drawn = new Set(plans.flatMap(({ steps }) => steps.map(({ fault }) => fault)))
  const fitting = catalogue.filter(
    ({ name, destroysData }) => !destroysData && !(name in excludedFaults),
  )
  expect([...drawn].sort()).toEqual(fitting.map(({ name }) => name).sort())
})

test('what this machine cannot do is not drawn', () => {
  const bare = seeds.map((seed) => planChaos({ ...choice, seed, capabilities: [] }))
  const drawn = new Set(bare.flatMap(({ steps }) => steps.map(({ fault }) => fault)))
  expect(drawn).toContain('kill')
  expect(drawn).not.toContain('isolate')
})

test('targets meet what the fault needs', () => {
  for (const { steps, members } of plans) {
    for (const { fault, targets } of steps) {
      const needs: FaultNeeds = catalogue.find(({ name }) => name === fault)?.needs ?? {}
      expect(new Set(targets).size).toBe(targets.length)
      expect(members).toBeGreaterThanOrEqual(needs.minMembers ?? 1)
      if (needs.targets === 'all') expect(targets).toHaveLength(members)
      if (needs.targets === 'one') expect(targets).toHaveLength(1)
      if (needs.targets === 'minority') expect(2 * targets.length).toBeLessThan(members)
    }
  }
})

test('the load is dense', () => {
  for (const { workload } of plans) {
    expect(workload.ratePerS).toBeGreaterThanOrEqual(500)
    expect(workload.keys).toBeLessThanOrEqual(20)
  }
})

test('each run has one or two programs beside the open loop, and every program is drawn', () => {
  for (const { workload } of plans) {
    const programs = workload.programs ?? []
    expect([1, 2]).toContain(programs.length)
    expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length)
    // What each client leaves unknown is dear to judge.
    for (const { clients } of programs) expect(clients).toBeLessThanOrEqual(3)
  }
  const drawn = plans.flatMap(({ workload }) => workload.programs ?? []).map(({ name }) => name)
  expect(new Set(drawn)).toEqual(new Set(Object.keys(programs)))
})
