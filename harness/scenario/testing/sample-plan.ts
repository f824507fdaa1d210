import { sampleRun } from '../../run-record/testing/sample-run.ts'
import type { RunPlan } from '../plan.ts'

/** The plan of the sample run, without a scenario. */
export function samplePlan(overrides: Partial<RunPlan> = {}): RunPlan {
  const { id: runId, seed, spec, etcd, machine, capabilities, startedAt, command } = sampleRun()
  return {
    runId,
    seed,
    spec,
    etcd,
    machine,
    capabilities,
    startedAt,
    command,
    directory: '/run',
    depth: 'ci',
    scenarios: [],
    toolboxImage: 'toolbox:1',
    timeScale: 1,
    objectives: {},
    options: '--seed 7',
    ...overrides,
  }
}
