import { expect, test } from 'vitest'
import type { Checker } from '../../checkers/checker.ts'
import { createRegistry, findCheckers } from '../../checkers/judge/registry.ts'
import { scenariosOf, suiteNames } from '../../cli/run/suites.ts'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { programs } from '../../workload/programs/index.ts'
import type { ProgramName } from '../../workload/workload.ts'
import type { Scenario } from '../scenario.ts'
import { checkerNamesOf, skippedCheckersOf } from './checker-names.ts'

const spec = sampleSpec()
const everyProgram = (Object.keys(programs) as ProgramName[]).map((name) => {
  return { name, ratePerS: 1, clients: 1 }
})
const scenario = {
  id: 'a/b',
  workload: { ratePerS: 1, mix: { get: 1, 'serializable-get': 1 }, programs: everyProgram },
  skippedCheckers: { logs: 'a member is meant to panic' },
  checkers: ['lock', 'planted'],
} as unknown as Scenario
const planted: Checker = {
  name: 'planted',
  codes: [],
  check: () => ({ checker: 'planted', verdict: 'valid', factsJudged: 1 }),
}

test('a scenario is judged by the standard checkers, its own and those of its programs, each once', () => {
  const names = checkerNamesOf(scenario, spec)
  expect(names).toContain('etcd-linearizability')
  expect(names).not.toContain('logs')
  expect(names.slice(-6)).toEqual(['watch', 'lock', 'planted', 'append-lists', 'bank', 'lease'])
  const skippedCheckers = { lease: 'the leases end elsewhere' }
  expect(checkerNamesOf({ ...scenario, skippedCheckers }, spec)).not.toContain('lease')
})

test('every name has its checker in the registry, with those that were added', () => {
  const names = checkerNamesOf(scenario, spec)
  const found = findCheckers(names, createRegistry([planted]))
  expect(found.map(({ name }) => name)).toEqual(names)
})

test('every scenario of the suites names checkers of the registry, those that it skips too', async () => {
  const scenarios = (await Promise.all(suiteNames().map(scenariosOf))).flat()
  expect(scenarios.length).toBeGreaterThan(100)
  const registry = createRegistry()
  for (const one of scenarios) {
    const shaped = one.adjustSpec?.(spec) ?? spec
    const names = [...checkerNamesOf(one, shaped), ...Object.keys(skippedCheckersOf(one, shaped))]
    expect(
      names.filter((name) => !registry.has(name)),
      one.id,
    ).toEqual([])
  }
})

test('every scenario has transactions, leases and watchers, or says why it is not judged by them', async () => {
  const scenarios = (await Promise.all(suiteNames().map(scenariosOf))).flat()
  const suites = scenarios.filter(
    ({ id, chaos = false }) => !chaos && !id.startsWith('track-record/'),
  )
  expect(suites.length).toBeGreaterThan(80)
  const without = suites.filter(({ workload, skippedCheckers = {}, ...one }) => {
    const names = checkerNamesOf({ ...one, workload, skippedCheckers }, spec)
    const isSilent = (name: string) => !names.includes(name) && skippedCheckers[name] === undefined
    const programs = (workload.programs ?? []).map(({ name }) => name)
    return isSilent('watch') || isSilent('lease') || !programs.includes('transactions')
  })
  expect(without.map(({ id }) => id)).toEqual([])
})

test('a checker that the workload or the cluster leaves without a fact is skipped, with the reason', () => {
  const names = (mix: object, members: 1 | 3) => {
    const spec = sampleSpec({ members })
    const one = { ...scenario, workload: { mix } } as Scenario
    return { asked: checkerNamesOf(one, spec), skipped: Object.keys(skippedCheckersOf(one, spec)) }
  }
  const both = names({ get: 1, 'serializable-get': 1 }, 3)
  expect(both.skipped).toEqual(['logs'])
  expect(both.asked).toEqual(expect.arrayContaining(['serializable', 'convergence']))
  const neither = names({ get: 1 }, 1)
  expect(neither.skipped).toEqual(['serializable', 'convergence', 'logs'])
  expect(neither.asked.filter((name) => neither.skipped.includes(name))).toEqual([])
})

test('an unknown name is an error that lists what there is', () => {
  expect(() => findCheckers(['planted'], createRegistry())).toThrow(
    /^Expected a checker to be one of etcd-linearizability, .*, append-lists, got "planted"$/,
  )
})

test.each(['gateway', 'grpc-proxy'] as const)(
  'behind a %s every checker judges that judges without: of headers those of members that were asked directly',
  (door) => {
    expect(checkerNamesOf(scenario, { ...spec, door })).toEqual(checkerNamesOf(scenario, spec))
    expect(checkerNamesOf(scenario, { ...spec, door })).toContain('headers')
  },
)
