import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exitCodes } from '../../core/errors.ts'
import { readRun } from '../../run-record/run-directory.ts'
import type { CheckedScenario } from '../../scenario/check-saved.ts'
import { checkDirectory } from './check-directory.ts'

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
  const exitCode = await checkDirectory(directory, (each) => checked.push(each))
  return { exitCode, checked }
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

test('the command prints one line of JSON a scenario, as run.json has it, and what differs on standard error', async () => {
  cpSync(scenario('held'), join(copy, 'held'), { recursive: true })
  appendFileSync(join(copy, 'held/members/m1.log'), 'more\n')
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
    verdicts: verdicts.map(({ checker, verdict, code, reason: why }) => {
      return JSON.parse(JSON.stringify({ checker, verdict, code, reason: why }))
    }),
  }))
  expect(stdout.split('\n').map((line) => JSON.parse(line))).toEqual(expected)
  expect(stderr).toBe(
    'saved/held: members/m1.log is not the file that was judged: its SHA-256 differs',
  )
  expect(exitCode).toBe(exitCodes.broken)
}, 60_000)
