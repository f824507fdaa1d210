import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  conductAlone,
  lies,
  type Scenario,
  startLyingRoute,
  stderrLog,
  workloads,
} from '../../harness/index.ts'

const lie = lies.find(({ name }) => name === 'watch-event-lost')

/** Broken whatever the faults do: the proxy keeps events to itself. */
const sabotaged: Scenario = {
  id: 'canaries/chaos',
  title: 'Chaos behind a lying proxy is found out, and shrunk',
  depth: 'ci',
  chaos: true,
  workload: workloads.steady,
  faults: [],
  act: async () => {},
  route: (cluster) => startLyingRoute(cluster, lie),
}

test('chaos that comes out broken stays so, and names the smallest schedule that still failed', async () => {
  const { record, directory } = await conductAlone(sabotaged, {
    log: stderrLog(),
    seed: 6,
    durationMs: 6_000,
  })
  const evidence = join(directory, record.directory)
  expect(record.outcome).toBe('broken')
  expect(record.reason).toContain('a watch at')
  expect(record.reason).toMatch(/smallest schedule that failed, after \d+ further runs: [^,]+$/)
  const plan = JSON.parse(readFileSync(join(evidence, 'chaos-plan.json'), 'utf8'))
  expect(plan).toMatchObject({ seed: 6, durationMs: 6_000 })
  expect(plan.steps.length).toBeGreaterThan(1)
  expect(existsSync(join(evidence, 'shrink/1/scenarios/canaries/chaos/history.jsonl'))).toBe(true)
  rmSync(directory, { recursive: true })
}, 600_000)
