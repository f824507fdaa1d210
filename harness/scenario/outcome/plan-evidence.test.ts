import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEvidence } from '../../run-record/evidence/read-evidence.ts'
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

test('behind a door its bugs are known beside that of the scenario', () => {
  const issuesOf = (door: ClusterSpec['door'], own?: string) => {
    const knownIssue = own && { issue: own, summary: 'its own', symptom: {} }
    const planned = planEvidence({
      scenario: { ...scenario, ...(knownIssue && { knownIssue }) },
      plan,
      spec: { ...spec, ...(door && { door }) },
      startedAt,
      directory: 'scenarios/a/one',
    })
    const { knownIssue: ofScenario, doorIssues = [] } = planned
    return [...(ofScenario ? [ofScenario] : []), ...doorIssues].map(({ issue }) => issue)
  }
  const ofProxy = ['etcd-io/etcd#9988', 'etcd-io/etcd#21813']
  expect(issuesOf(undefined)).toEqual([])
  expect(issuesOf('gateway')).toEqual([])
  expect(issuesOf('grpc-proxy')).toEqual(ofProxy)
  expect(issuesOf('grpc-proxy', 'own#1')).toEqual(['own#1', ...ofProxy])
})
