import { expect, test } from 'vitest'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { underLoad } from './background-load.ts'

const plan = { load: { ratePerS: 500 } } as RunPlan
const scenario = {
  faults: [{ name: 'kill' }],
  skippedCheckers: { lease: 'why' },
} as unknown as Scenario

test('under load a scenario says that others write, and skips what compares the logs', () => {
  const { foreignWrites, skippedCheckers } = underLoad(scenario, plan)
  expect(foreignWrites).toMatch(/load/)
  expect(Object.keys(skippedCheckers ?? {})).toEqual(['lease', 'write-ahead-log'])
  const own = underLoad({ ...scenario, foreignWrites: 'its own reason' }, plan)
  expect(own.foreignWrites).toBe('its own reason')
})

test('without load, or without faults, a scenario stays as it is', () => {
  expect(underLoad(scenario, {} as RunPlan)).toBe(scenario)
  const quiet = { ...scenario, faults: [] }
  expect(underLoad(quiet, plan)).toBe(quiet)
})
