import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exitCodes } from '../../core/errors.ts'
import { readRun } from '../../run-record/run-directory.ts'
import type { CheckedScenario } from '../../scenario/check/check-scenario.ts'
import { checkDirectory } from './directory.ts'

const runs = join(import.meta.dirname, '../../../fixtures/runs')
const oneOfEach = join(runs, 'one-of-each')
const scenario = (name: string) => join(oneOfEach, 'scenarios/saved', name)

let copy = ''
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'gauntlet-check-'))
})
afterEach(() => rmSync(copy, { recursive: true, force: true }))

async function check(directory: string) {
  const checked: CheckedScenario[] = []
  const notes: string[] = []
  const exitCode = await checkDirectory(
    directory,
    (each) => checked.push(each),
    (difference) => notes.push(difference),
  )
  return { exitCode, checked, notes }
}

test.each([
  ['held', scenario('held'), exitCodes.held],
  ['not applicable', scenario('not-applicable'), exitCodes.held],
  ['a known issue', join(runs, 'known-issue'), exitCodes.held],
  ['inconclusive', scenario('inconclusive'), exitCodes.inconclusive],
  ['broken', scenario('broken'), exitCodes.broken],
  ['a run with one that is broken', oneOfEach, exitCodes.broken],
  ['no run and no scenario', runs, exitCodes.usage],
])('%s ends with its exit code', async (_, directory, expected) => {
  expect((await check(directory)).exitCode).toBe(expected)
})

test('altered evidence is bad input, unless it says that a guarantee was broken', async () => {
  for (const [name, expected] of [
    ['held', exitCodes.usage],
    ['inconclusive', exitCodes.usage],
    ['broken', exitCodes.broken],
  ] as const) {
    cpSync(scenario(name), join(copy, name), { recursive: true })
    appendFileSync(join(copy, name, 'metrics.jsonl'), '\n')
    expect((await check(join(copy, name))).exitCode, name).toBe(expected)
  }
})

test('evidence that is altered in a run is found there, and the others are judged', async () => {
  cpSync(join(runs, 'known-issue'), copy, { recursive: true })
  const { directory } = readRun(copy).scenarios[0] as { directory: string }
  rmSync(join(copy, directory, 'metrics.jsonl'))
  const { exitCode, checked } = await check(copy)
  expect(exitCode).toBe(exitCodes.usage)
  expect(checked).toMatchObject([
    { outcome: 'known-issue', differences: ['metrics.jsonl is missing'] },
  ])
})

test('a run that did not end is inconclusive, whatever its scenarios are', async () => {
  cpSync(join(runs, 'known-issue'), copy, { recursive: true })
  const { endedAt: _, ...killed } = readRun(copy)
  const file = join(copy, 'run.json')
  rmSync(file)
  appendFileSync(file, JSON.stringify(killed))
  expect((await check(copy)).exitCode).toBe(exitCodes.inconclusive)
})

describe('a run that was altered', () => {
  const id = 'track-record/cve-2021-28235'
  const folder = () => join(copy, 'scenarios', id)
  const edit = (file: string, change: (content: Record<string, unknown>) => void) => {
    const content = JSON.parse(readFileSync(file, 'utf8'))
    change(content)
    writeFileSync(file, JSON.stringify(content))
  }
  const editRun = (change: (run: Record<string, unknown>) => void) =>
    edit(join(copy, 'run.json'), change)
  const inRun = (change: Record<string, unknown>) =>
    editRun((run) => Object.assign((run.scenarios as object[])[0] as object, change))
  const inOwn = (change: Record<string, unknown>) =>
    edit(join(folder(), 'scenario.json'), (own) => Object.assign(own, change))

  beforeEach(() => cpSync(join(runs, 'known-issue'), copy, { recursive: true }))

  test('by a row that was taken out of run.json is bad input, and its folder is judged', async () => {
    editRun((run) => Object.assign(run, { scenarios: [] }))
    const { exitCode, checked, notes } = await check(copy)
    expect(exitCode).toBe(exitCodes.usage)
    expect(checked).toMatchObject([
      { scenario: id, differences: ['run.json does not list this scenario'] },
    ])
    expect(notes).toEqual([
      `expected run.json to list ${id} as plan.json does, got no such scenario`,
    ])
  })

  test.each([
    ['its seed', { seed: 99 }, 'seed'],
    [
      'the image',
      { etcd: { ...readRun(join(runs, 'known-issue')).etcd, image: 'x' } },
      'etcd.image',
    ],
    ['what it planned', { planned: [] }, 'planned[0]'],
  ])('in %s is bad input', async (_, change, field) => {
    editRun((run) => Object.assign(run, change))
    const { exitCode, notes } = await check(copy)
    expect(exitCode).toBe(exitCodes.usage)
    expect(notes.join()).toContain(`expected \`${field}\` to be `)
  })

  test('in its seed and in its plan differs from the plans of its scenarios', async () => {
    editRun((run) => Object.assign(run, { seed: 99 }))
    edit(join(copy, 'plan.json'), (plan) => Object.assign(plan, { seed: 99 }))
    const { exitCode, checked } = await check(copy)
    expect(exitCode).toBe(exitCodes.usage)
    expect(checked[0]?.differences).toEqual([
      "expected `seed` to be 99 as in run.json, got 1 in the scenario's plan.json",
    ])
  })

  test('without its plan is bad input', async () => {
    rmSync(join(copy, 'plan.json'))
    const { exitCode, notes } = await check(copy)
    expect({ exitCode, notes }).toEqual({
      exitCode: exitCodes.usage,
      notes: ['plan.json of the run is missing'],
    })
  })

  test.each(['not-run', 'not-applicable', 'inconclusive'])(
    'so that records with evidence say %s is bad input',
    async (outcome) => {
      appendFileSync(join(folder(), 'metrics.jsonl'), '\n')
      inRun({ outcome })
      inOwn({ outcome })
      const { exitCode, checked } = await check(copy)
      expect(exitCode).toBe(exitCodes.usage)
      expect(checked[0]?.differences.join()).toContain('metrics.jsonl is not the file')
    },
  )

  test('so that nothing but its history says what was run is bad input', async () => {
    inRun({ outcome: 'not-applicable' })
    rmSync(join(folder(), 'plan.json'))
    rmSync(join(folder(), 'scenario.json'))
    expect((await check(copy)).exitCode).toBe(exitCodes.usage)
  })

  test('by a record of a scenario that is missing is bad input, unless the run was killed', async () => {
    rmSync(join(folder(), 'scenario.json'))
    const { exitCode, checked } = await check(copy)
    expect(exitCode).toBe(exitCodes.usage)
    expect(checked[0]?.differences).toEqual(['scenario.json is missing'])
    editRun((run) => delete run.endedAt)
    expect((await check(copy)).exitCode).toBe(exitCodes.inconclusive)
  })

  test('to be nested without end is bad input, by the name of the file or folder', async () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    const file = join(folder(), 'observations.json')
    const observations = readFileSync(file, 'utf8')
    writeFileSync(file, observations.replace('"measures": {}', `"measures": { "deep": ${deep} }`))
    const nested = await check(copy)
    expect(nested.exitCode).toBe(exitCodes.usage)
    expect(nested.checked[0]?.reason).toContain('observations.json to be nested at most')
    writeFileSync(file, observations)
    for (const below of [folder(), join(copy, 'scenarios/other')]) {
      mkdirSync(join(below, ...Array(300).fill('deep')), { recursive: true })
      const { exitCode, checked } = await check(copy)
      expect(exitCode).toBe(exitCodes.usage)
      expect(checked.at(-1)?.reason).toContain('levels of folders, got one at ')
      rmSync(join(below, 'deep'), { recursive: true })
    }
  })
})

test('the command prints one line of JSON a scenario, as run.json has it, and what differs on standard error', async () => {
  cpSync(scenario('held'), join(copy, 'held'), { recursive: true })
  appendFileSync(join(copy, 'held/members/m1.log'), '\n')
  const main = join(import.meta.dirname, '../main.ts')
  const args = [main, 'check', oneOfEach, join(copy, 'held'), '--json']
  const env = { DOCKER_HOST: 'unix:///nonexistent/engine.sock' }
  const { stdout, stderr, exitCode } = await execa(process.execPath, args, { reject: false, env })
  const { scenarios } = readRun(oneOfEach)
  const held = scenarios.filter(({ id }) => id === 'saved/held')
  const expected = [...scenarios, ...held].map(({ id, outcome, reason, verdicts }) => ({
    scenario: id,
    outcome,
    reason,
    verdicts: verdicts.map(({ checker, verdict, code, reason: why, factsJudged }) => {
      return JSON.parse(JSON.stringify({ checker, verdict, code, reason: why, factsJudged }))
    }),
  }))
  expect(stdout.split('\n').map((line) => JSON.parse(line))).toEqual(expected)
  expect(stderr).toBe(
    'saved/held: members/m1.log is not the file that was judged: its SHA-256 differs',
  )
  expect(exitCode).toBe(exitCodes.broken)
})
