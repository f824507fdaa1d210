import { expect, test } from 'vitest'
import { scenariosOf, suiteNames } from '../harness/cli/run/suites.ts'
import { containerPlan } from '../harness/cluster/member/container-plan.ts'
import { type ClusterSpec, clusterSpec, type Scenario } from '../harness/index.ts'
import { fitScenario } from '../harness/scenario/applicability/fit-scenario.ts'
import { planEvidence } from '../harness/scenario/outcome/plan-evidence.ts'
import { samplePlan } from '../harness/scenario/testing/sample-plan.ts'
import { oddOptions } from '../harness/topology/testing/odd-options.ts'

type Options = Readonly<Record<string, string>>

const scenarios = (await Promise.all(suiteNames().map(scenariosOf))).flat()
const { runId, startedAt } = samplePlan()
const slow = { heartbeatIntervalMs: 505, electionTimeoutMs: 5_005 }

const runPlan = (spec: ClusterSpec) => samplePlan({ spec, depth: 'full', options: '' })

/** Every option that is the user's, for all members or as each one's own; timings are fields. */
function oddSpec(version: string, place: 'all' | 'own', count: number): ClusterSpec {
  const {
    'heartbeat-interval': _heartbeat,
    'election-timeout': _election,
    ...options
  } = oddOptions(version)
  const members = Array.from({ length: count }, (_, index) => ({
    name: `n${index + 1}`,
    architecture: 'amd64' as const,
    ...(place === 'own' && { options }),
  }))
  return clusterSpec({ version, ...slow, members, options: place === 'all' ? options : {} })
}

/** What a member starts with in this scenario. */
function commandOf(scenario: Scenario, spec: ClusterSpec, member: string): readonly string[] {
  return containerPlan({
    plan: { spec, runId, image: 'etcd:a' },
    home: {
      name: member,
      architecture: 'amd64',
      address: '10.9.8.1',
      network: 'net',
      addresses: Object.fromEntries(spec.members.map(({ name }) => [name, '10.9.8.1'])),
      clientPort: 20_001,
      metricsPort: 20_002,
    },
    settings: scenario.settings?.(spec)[member] ?? {},
    volume: 'v',
    containerName: 'c',
    files: [],
  }).command
}

/**
 * What some member has otherwise than the record of the scenario says: options of the user's that it
 * does not show as replaced, and its own that are not in force.
 */
function replacedInSilence(scenario: Scenario, user: ClusterSpec, options: Options): string[] {
  const known = oddOptions(user.version)
  const plan = runPlan(user)
  const { spec, inapplicable } = fitScenario(scenario, plan)
  if (inapplicable !== undefined) return []
  const { adjusted = [] } = planEvidence({ scenario, plan, spec, startedAt, directory: 'd' })
  const shown = new Set(adjusted.map(({ setting }) => setting.replace(/^.*options\./, '')))
  return spec.members.flatMap(({ name: member }) => {
    const flags = commandOf(scenario, spec, member)
    const given = Object.entries(options).filter(([name]) => !shown.has(name))
    const own = adjusted.flatMap(({ setting, scenario: value }) => {
      const name = setting.replace(`members.${member}.`, '').replace('options.', '')
      return value === undefined || !Object.hasOwn(known, name) ? [] : [[name, value] as const]
    })
    const lost = [...given, ...own].filter(([name, value]) => !flags.includes(`--${name}=${value}`))
    return lost.map(([name, value]) => `${scenario.id}: ${member} loses ${name}=${value}`)
  })
}

const table = [
  { version: '3.4.23', place: 'own', count: 3 },
  { version: '3.5.16', place: 'all', count: 1 },
  { version: '3.5.16', place: 'own', count: 3 },
  { version: '3.6.14', place: 'own', count: 3 },
  { version: '3.7.1', place: 'all', count: 3 },
] as const

test.each(table)(
  'no scenario replaces an option of $place of $count members in silence: etcd $version',
  ({ version, place, count }) => {
    const user = oddSpec(version, place, count)
    const options = { ...user.options, ...user.members[0]?.options }
    expect(scenarios.length).toBeGreaterThan(100)
    const lost = scenarios.flatMap((scenario) => replacedInSilence(scenario, user, options))
    expect(lost).toEqual([])
  },
)

test.each(table)(
  'every scenario applies to $count members of etcd $version, or says why not',
  ({ version, place, count }) => {
    const plan = runPlan(oddSpec(version, place, count))
    const reasons = scenarios.map((scenario) => fitScenario(scenario, plan).inapplicable)
    expect(reasons.filter((reason) => reason !== undefined && reason.length < 20)).toEqual([])
    expect(reasons.filter((reason) => reason === undefined).length).toBeGreaterThan(
      count === 1 ? 60 : 100,
    )
  },
)

test('every scenario keeps the timings of the user, and bounds outages by them', () => {
  const quick = runPlan(clusterSpec({ version: '3.5.16' }))
  const slower = runPlan(clusterSpec({ version: '3.5.16', ...slow }))
  for (const scenario of scenarios) {
    const [before, after] = [quick, slower].map((plan) => {
      const { spec } = fitScenario(scenario, plan)
      expect(spec).toMatchObject({ heartbeatIntervalMs: plan.spec.heartbeatIntervalMs })
      expect(spec).toMatchObject({ electionTimeoutMs: plan.spec.electionTimeoutMs })
      return planEvidence({ scenario, plan, spec, startedAt, directory: 'd' }).objectives
    })
    for (const objective of after ?? []) {
      const same = before?.find(({ measure }) => measure === objective.measure)
      if (!('atMost' in objective) || !/^(write|read|recovery).*OutageMs/.test(objective.measure))
        continue
      expect([scenario.id, objective.from]).toEqual([scenario.id, expect.stringContaining('505')])
      expect(same).toBeDefined()
    }
  }
})
