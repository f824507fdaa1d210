import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  type Checker,
  runStandalone,
  type Scenario,
  stderrLog,
  workloads,
} from '../../harness/index.ts'

/** The first fault of the first run, which depends on this machine's capabilities. */
let guilty: string | undefined

/** Takes one fault for a violation, so that the schedule must shrink to it. */
const planted: Checker = {
  name: 'planted',
  codes: ['planted'],
  check: ({ history }) => {
    const faults = history.events.flatMap((event) => (event.type === 'fault' ? [event.name] : []))
    guilty ??= faults[0]
    const found = guilty !== undefined && faults.includes(guilty)
    if (!found) return { checker: 'planted', verdict: 'valid', factsJudged: 1 }
    return {
      checker: 'planted',
      verdict: 'invalid',
      factsJudged: 1,
      code: 'planted',
      reason: 'planted',
    }
  },
}

const sabotaged: Scenario = {
  id: 'sabotaged/chaos',
  title: 'Broken chaos shrinks to the fault that broke it',
  depth: 'ci',
  chaos: true,
  workload: workloads.steady,
  faults: [],
  act: async () => {},
  checkers: ['planted'],
}

test('broken chaos stays broken and names the smallest schedule that still failed', async () => {
  // This seed gives a single member, which starts fast, and at least two faults.
  const options = { log: stderrLog(), seed: 6, durationMs: 5_000, checkers: [planted] }
  const { record, directory } = await runStandalone(sabotaged, options)
  const evidence = join(directory, record.directory)
  const plan = JSON.parse(readFileSync(join(evidence, 'chaos-plan.json'), 'utf8'))
  expect(plan.steps.length).toBeGreaterThan(1)
  expect(record.outcome, record.reason).toBe('broken')
  expect(record.broken).toContain('planted/planted')
  const { steps } = JSON.parse(readFileSync(join(evidence, 'shrinking.json'), 'utf8'))
  expect(steps).toMatchObject([{ fault: guilty }])
  expect(existsSync(join(evidence, 'shrink/1/scenarios/sabotaged/chaos/history.jsonl'))).toBe(true)
  rmSync(directory, { recursive: true })
}, 600_000)
