import { expect, test } from 'vitest'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { judgeObjectives, planObjectives } from './objectives.ts'
import { conclude } from './outcome.ts'

const scenario = {
  objectives: () => [{ measure: 'writesPerS', atLeast: 1_000 }],
} as unknown as Scenario
const spec = { members: [] } as unknown as RunPlan['spec']

function judge(
  writesPerS: number | null,
  {
    emulated = false,
    users = {},
    lowerBounds = {},
  }: {
    emulated?: boolean
    users?: Record<string, number>
    lowerBounds?: Record<string, string>
  } = {},
) {
  const plan = { etcd: { emulated }, timeScale: emulated ? 10 : 1, objectives: users }
  const planned = planObjectives(scenario, spec, plan as unknown as RunPlan)
  const judged = judgeObjectives(planned.objectives, { writesPerS }, lowerBounds)
  const conclusion = conclude({
    failures: judged.doubts,
    verdicts: [{ checker: 'logs', verdict: 'valid', factsJudged: 1 }],
    objectives: judged.objectives,
    waived: planned.waivedObjectives,
  })
  return { ...conclusion, objectives: judged.objectives }
}

test('a floor is met by as much and missed by less', () => {
  expect(judge(1_000).outcome).toBe('held')
  const { outcome, reason, objectives } = judge(999)
  expect(outcome).toBe('broken')
  expect(reason).toContain('expected writesPerS to be at least 1000, observed 999')
  expect(objectives).toEqual([{ measure: 'writesPerS', atLeast: 1_000, measured: 999, met: false }])
})

test('a floor that could not be measured is not met', () => {
  expect(judge(null).outcome).toBe('inconclusive')
})

test("the user's floor takes the place of the scenario's", () => {
  expect(judge(999, { users: { writesPerS: 500 } }).outcome).toBe('held')
  expect(judge(5_000, { users: { writesPerS: 9_000 } }).outcome).toBe('broken')
})

test('emulated members have no floor but the one that the user sets, and the record says so', () => {
  const waived = judge(40, { emulated: true })
  expect(waived.outcome).toBe('held')
  expect(waived.objectives).toEqual([])
  expect(waived.reason).toContain('the floor of writesPerS does not apply to emulated members')
  expect(judge(40, { emulated: true, users: { writesPerS: 50 } }).outcome).toBe('broken')
})

test('a lower bound can meet a floor and not miss it', () => {
  const lowerBounds = { writesPerS: 'others used the machine' }
  expect(judge(1_000, { lowerBounds }).outcome).toBe('held')
  const open = judge(999, { lowerBounds })
  expect(open.outcome).toBe('inconclusive')
  expect(open.reason).toContain('writesPerS is 999 or more: others used the machine')
  expect(open.objectives).toMatchObject([{ atLeast: 1_000, measured: null, met: false }])
  expect(judge(999, { lowerBounds, users: { writesPerS: 500 } }).outcome).toBe('held')
})
