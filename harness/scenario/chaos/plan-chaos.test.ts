import { expect, test } from 'vitest'
import { catalogue } from '../../faults/catalogue.ts'
import type { FaultNeeds } from '../../faults/fault.ts'
import { programs } from '../../workload/programs/index.ts'
import { type ChaosChoice, excludedFaults, planChaos } from './plan-chaos.ts'

const capabilities = [...new Set(catalogue.flatMap(({ needs }) => needs.capabilities ?? []))]
const choice: ChaosChoice = { seed: 1, durationMs: 60_000, version: '3.5.16', capabilities }
const seeds = Array.from({ length: 100 }, (_, index) => index)
const plans = seeds.map((seed) => planChaos({ ...choice, seed }))

test('the same seed gives the same plan, and another seed another plan', () => {
  for (const seed of seeds) expect(planChaos({ ...choice, seed })).toEqual(plans[seed])
  expect(new Set(plans.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(100)
})

test('a plan is plain data: JSON keeps all of it', () => {
  for (const plan of plans) expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
})

test('a longer run begins like a shorter one', () => {
  const longer = planChaos({ ...choice, durationMs: 600_000 })
  expect(longer.steps.slice(0, plans[1]?.steps.length)).toEqual(plans[1]?.steps)
})

test('100 seeds plan every fault that fits, and no fault that does not', () => {
  const planned = new Set(plans.flatMap(({ steps }) => steps.map(({ fault }) => fault)))
  const fitting = catalogue.filter(
    ({ name, destroysData }) => !destroysData && !(name in excludedFaults),
  )
  expect([...planned].sort()).toEqual(fitting.map(({ name }) => name).sort())
})

test('no plan has a fault that this machine cannot inject', () => {
  const bare = seeds.map((seed) => planChaos({ ...choice, seed, capabilities: [] }))
  const planned = new Set(bare.flatMap(({ steps }) => steps.map(({ fault }) => fault)))
  expect(planned).toContain('kill')
  expect(planned).not.toContain('isolate')
})

test('no plan slows down a disk that members do not wait for', () => {
  const faultsOf = (unsynced: boolean) =>
    seeds.flatMap((seed) =>
      planChaos({ ...choice, seed, unsynced }).steps.map(({ fault }) => fault),
    )
  expect(faultsOf(false)).toContain('slow-disk')
  expect(faultsOf(true)).not.toContain('slow-disk')
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

test('each plan has one or two programs beside the open loop, and 100 seeds use every program', () => {
  for (const { workload } of plans) {
    const programs = workload.programs ?? []
    expect([1, 2]).toContain(programs.length)
    expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length)
    // What each client leaves unknown is dear to judge.
    for (const { clients } of programs) expect(clients).toBeLessThanOrEqual(3)
  }
  const planned = plans.flatMap(({ workload }) => workload.programs ?? []).map(({ name }) => name)
  expect(new Set(planned)).toEqual(new Set(Object.keys(programs)))
})

test('a run that upgrades goes each of three ways, and changes nothing else but one step', () => {
  const upgradeTo = { image: 'an-image', version: '3.6.14' }
  const upgrading = seeds.map((seed) => planChaos({ ...choice, seed, upgradeTo }))
  expect(new Set(upgrading.map(({ versions }) => versions?.way))).toEqual(
    new Set(['mixed', 'upgraded', 'rolled-back']),
  )
  for (const [index, { versions, members, steps, ...plan }] of upgrading.entries()) {
    const changes = steps.filter(({ fault }) => fault.startsWith('upgrade'))
    const { way, from = [] } = versions ?? {}
    expect(changes.map(({ fault }) => fault)).toEqual(
      way === 'mixed' ? [] : [way === 'upgraded' ? 'upgrade-all' : 'upgrade'],
    )
    expect(from.length > 0).toBe(way === 'mixed')
    expect(from.length).toBeLessThan(members)
    if (way === 'rolled-back') expect(2 * (changes[0]?.targets.length ?? 0)).toBeLessThan(members)
    const others = steps.filter((step) => !changes.includes(step))
    expect({ ...plan, members, steps: others }).toEqual(plans[index])
  }
})

test('half of the faults are at failpoints where the binary has some; other plans stay as they are', () => {
  const failpoints = ['beforeCommit', 'raftBeforeSave']
  const within = seeds.map((seed) => planChaos({ ...choice, seed, failpoints }))
  const names = within.flatMap(({ steps }) => steps.map(({ fault }) => fault))
  const panics = names.filter((name) => name === 'failpoint-panic').length
  const sleeps = names.filter((name) => name === 'failpoint-sleep').length
  expect(panics / names.length).toBeCloseTo(0.25, 1)
  expect(sleeps / names.length).toBeCloseTo(0.25, 1)
  for (const { failpoints: planned, steps } of within) {
    expect(planned).toEqual(failpoints)
    for (const { fault, targets } of steps) {
      if (fault.startsWith('failpoint-')) expect(targets).toHaveLength(1)
    }
  }
  expect(seeds.map((seed) => planChaos({ ...choice, seed, failpoints: [] }))).toEqual(plans)
})
