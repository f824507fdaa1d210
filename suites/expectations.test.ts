import { expect, test } from 'vitest'
import { scenariosOf, suiteNames } from '../harness/cli/run/suites.ts'
import { clusterSpec, type KnownIssue, lies, type Scenario } from '../harness/index.ts'
import { standardObjectives } from '../harness/scenario/outcome/standard-objectives.ts'
import { readSource, sourceFiles } from '../harness/testing/sources.ts'

/** Has a row for every code of every checker; harness/checkers/codes.test.ts sees to it. */
const checkersPage = readSource('docs/CHECKERS.md')
const spec = clusterSpec({ version: '3.5.16' })
const kebabCase = /^[a-z]+(-[a-z]+)*$/

test('the id of every expectation is a literal in kebab-case, without names and numbers', () => {
  const ids = sources().flatMap(idsIn)
  expect(ids.length).toBeGreaterThan(300)
  expect(ids.filter(({ id }) => !kebabCase.test(id))).toEqual([])
})

test('an id that names a member, or is no literal, is found', () => {
  const source =
    "drill.expect('m1-serves', 'x', true)\ncheck.equal(\n  nameOf(x),\n  'x', 1, probe)"
  const ids = idsIn({ file: 'x.ts', source })
  expect(ids.map(({ id }) => kebabCase.test(id))).toEqual([false, false])
})

test('every id that a known issue names exists', async () => {
  const ids = new Set(
    sources()
      .flatMap(idsIn)
      .map(({ id }) => id),
  )
  const issues = await allKnownIssues()
  expect(issues.length).toBeGreaterThan(10)
  const unknown = issues.flatMap(({ symptom: { expectations = [], violations = [] } }) => [
    ...expectations.filter((id) => !ids.has(id)),
    ...violations.filter((id) => !checkersPage.includes(`| \`${id}\` |`)),
  ])
  expect(unknown).toEqual([])
  const named = issues.map(({ symptom: { expectations = [], violations = [] } }) => {
    return expectations.length + violations.length
  })
  expect(named.every((count) => count > 0)).toBe(true)
})

test('the scenario and the id that a lie names exist', async () => {
  const ids = new Set(
    sources()
      .flatMap(idsIn)
      .map(({ id }) => id),
  )
  const scenarios = new Map((await allScenarios()).map((one) => [one.id, one]))
  const detections = lies.map(({ detection }) => detection)
  expect(detections.length).toBeGreaterThan(40)
  const unknown = detections.filter(({ scenario: name, id }) => {
    const scenario = scenarios.get(name)
    if (scenario === undefined) return true
    const isOfChecker = checkersPage.includes(`| \`${id}\` |`)
    return !(ids.has(id) || isOfChecker || objectiveIdsOf(scenario).includes(id))
  })
  expect(unknown).toEqual([])
  expect(new Set(lies.map(({ name }) => name)).size).toBe(lies.length)
})

/** The ids of missed objectives that bound the scenario's measures. */
function objectiveIdsOf({ objectives, workload }: Scenario): string[] {
  const own = objectives?.(spec) ?? []
  const all = [...own, ...standardObjectives(workload, spec, true)]
  return all.map(({ measure }) => `objective/${measure}`)
}

test('every known issue says which versions it affects', async () => {
  const issues = await allKnownIssues()
  expect(issues.filter(({ versions }) => versions === undefined)).toEqual([])
  expect(issues.filter(({ summary }) => /fixed in/.test(summary))).toEqual([])
})

test('scenarios that show a bug by the same symptom agree on its summary and its versions', async () => {
  const rows = (await allKnownIssues()).map(({ issue, symptom, summary, versions }) => {
    return { bug: JSON.stringify([issue, symptom]), row: JSON.stringify({ summary, versions }) }
  })
  const byBug = Map.groupBy(rows, ({ bug }) => bug)
  expect([...byBug.values()].some(({ length }) => length > 1)).toBe(true)
  const differing = [...byBug].filter(([, all]) => new Set(all.map(({ row }) => row)).size > 1)
  expect(differing).toEqual([])
})

/** Waits that are no promise of etcd's, or whose deadline a check or `inTime` around them judges. */
const otherWaits = [
  'suites/conformance/auth/changes.ts',
  'suites/conformance/checks.ts',
  'suites/conformance/leases/expiry.ts',
  'suites/conformance/leases/leaders.ts',
  'suites/conformance/watches/collector.ts',
  'suites/quorum-loss/kept-leases.ts',
  'suites/throughput/measure-round.ts',
  'suites/track-record/issue-15247.ts',
  'suites/track-record/issue-20221.ts',
]

test('a suite waits for etcd with `becomes`, which names the promise', () => {
  const waiting = sources().flatMap(({ file, source }) =>
    file.startsWith('suites/') && /\bpoll\(/.test(source) ? [file] : [],
  )
  expect(waiting.toSorted()).toEqual(otherWaits)
})

interface Source {
  readonly file: string
  readonly source: string
}

function sources(): Source[] {
  return sourceFiles()
    .filter((file) => /^(suites|harness)\//.test(file) && !/\.(test|bench)\.ts$/.test(file))
    .map((file) => ({ file, source: readSource(file) }))
}

/**
 * The first argument of each call that checks a promise, and each id that is thrown or awaited.
 * Helpers of the conformance suite and shared ones pass an `id` on, which stands where they are called.
 */
function idsIn({ file, source }: Source): { readonly file: string; readonly id: string }[] {
  const calls = source.matchAll(
    /\b(?:drill\s*\.(?:expect|becomes|inTime)|check\s*\.(?:equal|equalEach|holds|rejected|rejectedEach|becomes)|deny|becomes200)(?:<\w+>)?\(\s*([^\s,)]+)|\b(?:expectation: |id: (?='[^']*',\s*sentence\b))'([^']*)'/g,
  )
  return [...calls]
    .map(([, first = '', named]) => (named === undefined ? first : `'${named}'`))
    .filter((first) => first !== 'id' || !/^suites\/(conformance|shared)\//.test(file))
    .map((first) => ({ file, id: first.replace(/^'(.*)'$/, '$1') }))
}

async function allScenarios(): Promise<readonly Scenario[]> {
  const suites = await Promise.all(suiteNames().map(scenariosOf))
  return suites.flat()
}

async function allKnownIssues(): Promise<KnownIssue[]> {
  return (await allScenarios()).flatMap(({ knownIssue }) => knownIssue ?? [])
}
