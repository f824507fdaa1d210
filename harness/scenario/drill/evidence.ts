import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FinalState } from '../../checkers/checker.ts'
import { type Clock, startClock } from '../../core/clock.ts'
import type { InitialStore } from '../../history/initial-store.ts'
import { type HeaderRecorder, openHeaderRecorder } from '../../history/logs/header-recorder.ts'
import type { JsonlRecorder } from '../../history/logs/jsonl.ts'
import type { LeaseEntry } from '../../history/logs/lease.ts'
import type { OperationEvent } from '../../history/operations.ts'
import { type Invocation, openRecorder, type Recorder } from '../../history/recorder.ts'
import type { Failure, Observations } from '../../run-record/evidence/observations.ts'
import { replaceJson, safeName } from '../../run-record/files.ts'
import { createScenarioDirectory, type EvidenceDirectory } from '../../run-record/run-directory.ts'
import type { Mark } from '../../run-record/run-record.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { planEvidence } from '../outcome/plan-evidence.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'

/**
 * All that one scenario leaves on disk: streams while they grow, what the conductor observes with
 * `save`.
 */
export interface ScenarioEvidence extends AsyncDisposable {
  readonly directory: EvidenceDirectory
  /** Of a window that goes on where another one ended. */
  readonly from: WindowStart | undefined
  /** Starts with the scenario: the clock of its streams and marks. */
  readonly clock: Clock
  readonly recorder: Recorder
  /** Who answered, by the headers of all answers. */
  readonly headers: HeaderRecorder
  readonly marks: Mark[]
  /** What the scenario measured, by name. */
  readonly measures: Record<string, number | null>
  /** The measures that may be more, and why. */
  readonly lowerBounds: Map<string, string>
  /** Promises that did not hold and what kept the scenario from telling, in order. */
  readonly failures: Failure[]
  /** When the drill began to unwind: whatever it threw was thrown just before. */
  unwoundNs: number | undefined
  /** How far the workload followed its plan, when it ended. */
  workload: Observations['workload']
  final: FinalState | undefined
  /** As `Observations.elections`. */
  elections: number | null
  /** Requests of leases, when a program of the workload makes some. */
  leases: JsonlRecorder<LeaseEntry> | undefined
  /** Writes plain data into the scenario's directory. */
  attach(file: string, content: unknown): Promise<void>
  /**
   * Ends the drill: the history is flushed, then what every member held and what was observed are
   * written, each in one step. The observations are last: with them the drill ended.
   */
  save(): Promise<void>
}

/** What a window goes on from: the store at the end of the last one, and what that left unknown. */
export interface WindowStart {
  readonly store: InitialStore
  /** Invocations that may still take effect. */
  readonly carried: readonly OperationEvent[]
}

/** A part of a long run, with a directory of its own. */
export interface WindowPlace {
  readonly directory: EvidenceDirectory
  /** Absent in the first window. */
  readonly from?: WindowStart
}

/**
 * Writes what was decided, before anything starts, and opens the history. Of a window nothing stays
 * in memory.
 */
export async function openEvidence(
  scenario: Scenario,
  plan: RunPlan,
  spec: ClusterSpec,
  window?: WindowPlace,
): Promise<ScenarioEvidence> {
  const directory = window?.directory ?? createScenarioDirectory(plan.directory, scenario.id)
  const attach = (file: string, content: unknown) =>
    writeFile(join(directory.path, safeName(file)), `${JSON.stringify(content, undefined, 2)}\n`)
  for (const [file, content] of Object.entries(scenario.attachments ?? {})) {
    await attach(file, content)
  }
  const startedAt = new Date().toISOString()
  const clock = startClock()
  const { relative } = directory
  replaceJson(
    directory.plan,
    planEvidence({ scenario, plan, spec, startedAt, directory: relative }),
  )
  const recorder = await openHistory({ scenario, plan, window, path: directory.history, clock })
  const headers = openHeaderRecorder({ path: directory.headers, clock })
  const evidence: ScenarioEvidence = {
    directory,
    from: window?.from,
    clock,
    recorder,
    headers,
    marks: [],
    measures: {},
    lowerBounds: new Map(),
    failures: [],
    unwoundNs: undefined,
    workload: undefined,
    final: undefined,
    elections: null,
    leases: undefined,
    attach,
    save: async () => {
      await Promise.all([recorder.flush(), headers.flush()])
      if (evidence.final !== undefined) replaceJson(directory.finalState, evidence.final)
      replaceJson(directory.observations, observationsOf(evidence))
    },
    [Symbol.asyncDispose]: async () => {
      await using _recorder = recorder
      await using _headers = headers
    },
  }
  return evidence
}

async function openHistory(parts: {
  readonly scenario: Scenario
  readonly plan: RunPlan
  readonly window: WindowPlace | undefined
  readonly path: string
  readonly clock: Clock
}): Promise<Recorder> {
  const { scenario, plan, window, path, clock } = parts
  const { store, carried = [] } = window?.from ?? {}
  const header = {
    model: 'etcd',
    seed: plan.seed,
    ...(scenario.foreignWrites !== undefined && { foreignWrites: true }),
    ...(store !== undefined && { initial: { ...store, continues: true } }),
  } as const
  const recorder = await openRecorder({ path, header, clock, forgets: window !== undefined })
  for (const { type: _, process: __, timeNs: ___, ...invocation } of carried) {
    recorder.invoke(recorder.freshProcess(), { ...invocation, carried: true } as Invocation)
  }
  return recorder
}

function observationsOf(evidence: ScenarioEvidence): Observations {
  const { clock, failures, marks, measures, lowerBounds, workload, elections } = evidence
  return {
    format: 'gauntlet-observations/1',
    durationMs: Math.round(clock.nowNs() / 1e6),
    failures,
    marks,
    measures,
    lowerBounds: Object.fromEntries(lowerBounds),
    ...(workload && { workload }),
    elections,
  }
}
