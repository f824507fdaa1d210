import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEvidence } from '../../run-record/read-evidence.ts'
import { root } from '../../testing/sources.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import * as workloads from '../../workload/presets.ts'
import { samplePlan } from '../testing/sample-plan.ts'
import { judgeScenario } from './judge-scenario.ts'
import { planEvidence } from './plan-evidence.ts'

const plan = samplePlan()
const { spec, startedAt } = plan

const scenario = {
  id: 'a/one',
  title: 'A title',
  depth: 'ci',
  workload: workloads.steady,
  faults: [],
  act: async () => {},
} as const

const planOf = (adjusted: ClusterSpec) =>
  planEvidence({ scenario, plan, spec: adjusted, startedAt, directory: 'scenarios/a/one' })

test('a plan records what the scenario sets against the user’s flags', () => {
  const options = { ...spec.options, 'snapshot-count': '50' }
  expect(planOf({ ...spec, options }).adjusted).toEqual([
    { setting: 'options.snapshot-count', scenario: '50' },
  ])
  expect(planOf(spec)).not.toHaveProperty('adjusted')
})

test('a plan records what the scenario sets in one member', () => {
  const name = spec.members[0]?.name ?? ''
  const settings = () => ({ [name]: { options: { 'max-wals': '7' } } })
  const parts = { plan, spec, startedAt, directory: 'scenarios/a/one' }
  expect(planEvidence({ ...parts, scenario: { ...scenario, settings } }).adjusted).toEqual([
    { setting: `members.${name}.options.max-wals`, scenario: '7' },
  ])
})

test('the record of a scenario repeats what it set against the user’s flags', async () => {
  const saved = await readEvidence(join(root, 'fixtures/runs/one-of-each/scenarios/saved/held'))
  const adjusted = [{ setting: 'options.snapshot-count', user: '1000', scenario: '50' }]
  const record = judgeScenario({ ...saved, plan: { ...saved.plan, adjusted } })
  expect(record.adjusted).toEqual(adjusted)
})

test('behind a door its bug is known, where the scenario has none of its own', () => {
  const issueOf = (door: ClusterSpec['door'], own?: string) => {
    const knownIssue = own && { issue: own, summary: 'its own', symptom: {} }
    const planned = planEvidence({
      scenario: { ...scenario, ...(knownIssue && { knownIssue }) },
      plan,
      spec: { ...spec, ...(door && { door }) },
      startedAt,
      directory: 'scenarios/a/one',
    })
    return planned.knownIssue?.issue
  }
  expect(issueOf(undefined)).toBeUndefined()
  expect(issueOf('gateway')).toBeUndefined()
  expect(issueOf('grpc-proxy')).toBe('etcd-io/etcd#21813')
  expect(issueOf('grpc-proxy', 'own#1')).toBe('own#1')
})
