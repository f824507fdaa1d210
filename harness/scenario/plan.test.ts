import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadPlan, publishPlan } from './plan.ts'
import { samplePlan } from './testing/sample-plan.ts'

let directory = ''
const before = process.env.GAUNTLET_PLAN
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-plan-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
  if (before === undefined) delete process.env.GAUNTLET_PLAN
  else process.env.GAUNTLET_PLAN = before
})

const plan = () =>
  samplePlan({
    directory,
    scenarios: [{ id: 'quorum-loss/leader-killed', title: 'A title' }],
    objectives: { writeOutageMs: 3_000 },
  })

test('a published plan is loaded the same', () => {
  publishPlan(plan())
  expect(loadPlan()).toEqual(plan())
})

test('a plan with a wrong field is refused with the path of the field', () => {
  publishPlan(plan())
  const file = join(directory, 'plan.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"ci"', '"deep"'))
  expect(() => loadPlan()).toThrow(`Expected \`depth\` in ${file} to be one of quick, ci, full`)
})

test('outside of a run, and without its file, a plan is an input error', () => {
  delete process.env.GAUNTLET_PLAN
  expect(() => loadPlan()).toThrow('Expected a run under way, got none')
  process.env.GAUNTLET_PLAN = join(directory, 'none.json')
  expect(() => loadPlan()).toThrow(/Expected the plan of a run at .*none\.json, got no such file/)
})
