import { hourMs } from '../core/durations.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { chaosDurationMs } from './chaos/duration.ts'
import type { Depth, Scenario } from './scenario.ts'

/**
 * Medians over a run in CI depth on two processors, from the start of the cluster to the verdict. A
 * suite that is not named takes about as long as most.
 */
const scenarioMs: Readonly<Record<string, number>> = {
  conformance: 11_000,
  'member-replacement': 11_000,
  'quorum-loss': 16_000,
  throughput: 40_000,
}
const otherMs = 10_000
/** What a chaos takes beyond its own time: the cluster, the steady states and the judging. */
const chaosOverheadMs = 60_000

const memberBytes = { memory: 150e6, disk: 140e6 }
const runMemoryBytes = 1.2e9
const evidenceBytes = { scenario: 3e6, chaosHour: 1e9 }

interface RunLength {
  readonly depth: Depth
  readonly durationMs?: number | undefined
  readonly timeScale: number
}

/** How long a scenario takes, roughly; the cluster's size and the machine are not in it. */
export function estimateMs({ id, chaos, lengthMs }: Scenario, run: RunLength): number {
  if (chaos === true) return chaosDurationMs(run) + chaosOverheadMs * run.timeScale
  return (lengthMs ?? scenarioMs[id.split('/')[0] ?? ''] ?? otherMs) * run.timeScale
}

export interface RunEstimate {
  readonly durationMs: number
  readonly memoryBytes: number
  /** The members' data, which goes with them, and the evidence, which stays. */
  readonly diskBytes: number
}

/** What running these scenarios one after the other takes of the machine, roughly. */
export function estimateRun(
  scenarios: readonly { readonly scenario: Scenario; readonly spec: ClusterSpec }[],
  run: RunLength,
): RunEstimate {
  const members = Math.max(0, ...scenarios.map(({ spec }) => spec.members.length))
  const lengths = scenarios.map(({ scenario }) => estimateMs(scenario, run))
  const chaosMs = scenarios
    .filter(({ scenario }) => scenario.chaos === true)
    .reduce((sum) => sum + chaosDurationMs(run), 0)
  const evidence =
    scenarios.length * evidenceBytes.scenario + (chaosMs / hourMs) * evidenceBytes.chaosHour
  return {
    durationMs: lengths.reduce((sum, ms) => sum + ms, 0),
    memoryBytes: runMemoryBytes + members * memberBytes.memory,
    diskBytes: Math.round(members * memberBytes.disk + evidence),
  }
}
