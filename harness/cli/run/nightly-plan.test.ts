import { expect, test } from 'vitest'
import { planNight } from './nightly-plan.ts'
import { chosenScenarios, select } from './suites.ts'

// The first import of every suite takes long on a busy machine.

const minute = 60_000

test('a night fits its time, has several suites, and ends with one chaos', async () => {
  const scenarios = await chosenScenarios(await select([]))
  const night = planNight(scenarios, { durationMs: 30 * minute, seed: 7 })
  const { scenarios: ids, chaosMs, lastBeginMs } = night
  const chaos = scenarios.filter(({ chaos }) => chaos === true).map(({ id }) => id)
  expect(ids.filter((id) => chaos.includes(id))).toEqual([ids.at(-1)])
  expect(chaosMs).toBe(9.9 * minute)
  expect(lastBeginMs).toBeCloseTo(17.6 * minute)
  const suites = new Set(ids.map((id) => id.split('/')[0]))
  expect(suites.size).toBeGreaterThan(5)
  expect(ids.length).toBeGreaterThan(20)
})

test('the same seed plans the same night, and other seeds come to every scenario', async () => {
  const scenarios = await chosenScenarios(await select([]))
  const night = (seed: number) => planNight(scenarios, { durationMs: 30 * minute, seed }).scenarios
  expect(night(7)).toEqual(night(7))
  const met = new Set(Array.from({ length: 120 }, (_, seed) => night(seed)).flat())
  expect(scenarios.filter(({ id }) => !met.has(id))).toEqual([])
})

test('a short night still has a chaos', async () => {
  const scenarios = await chosenScenarios(await select([]))
  const night = planNight(scenarios, { durationMs: minute, seed: 1 })
  expect(night.scenarios.length).toBeGreaterThan(1)
  expect(night).toMatchObject({ chaosMs: 30_000, lastBeginMs: 12_000 })
})
