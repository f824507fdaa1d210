import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { CheckInput, FinalState } from '../../checkers/checker.ts'
import { type Clock, startClock } from '../../core/clock.ts'
import type { JsonlRecorder } from '../../history/jsonl-log.ts'
import type { LeaseEntry, LeaseHeader } from '../../history/lease-log.ts'
import { openRecorder, type Recorder } from '../../history/recorder.ts'
import type { WatchRecorder } from '../../history/watch-recorder.ts'
import { safeName } from '../../run-record/files.ts'
import { createScenarioDirectory, type ScenarioDirectory } from '../../run-record/run-directory.ts'
import type { Mark } from '../../run-record/run-record.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { RunPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'

/** All that one scenario leaves behind, gathered while it runs and on disk as it goes. */
export interface ScenarioEvidence extends AsyncDisposable {
  readonly directory: ScenarioDirectory
  readonly startedAt: string
  /** Starts with the scenario; every time in its history and marks is this clock's. */
  readonly clock: Clock
  readonly recorder: Recorder
  readonly marks: Mark[]
  /** Measured on the way by the scenario itself, by name. */
  readonly measures: Record<string, number | null>
  /** Those of them that are no more than lower bounds, and why. */
  readonly lowerBounds: Map<string, string>
  /** Promises that did not hold and doubts that came up, in order. */
  readonly failures: Failure[]
  final: FinalState | undefined
  /** What the watchers of the scenario, if it has any, are told. */
  watches: WatchRecorder | undefined
  /** What is asked of leases, when a program of the workload does. */
  leases: JsonlRecorder<LeaseHeader, LeaseEntry> | undefined
  /** Plain data beside the history. */
  attach(file: string, content: unknown): Promise<void>
  /** What the checkers judge: the history is complete and on disk, the logs are the saved ones. */
  collect(): Promise<CheckInput>
}

export async function openEvidence(scenario: Scenario, plan: RunPlan): Promise<ScenarioEvidence> {
  const directory = createScenarioDirectory(plan.directory, scenario.id)
  const attach = (file: string, content: unknown) =>
    writeFile(join(directory.path, safeName(file)), `${JSON.stringify(content, undefined, 2)}\n`)
  for (const [file, content] of Object.entries(scenario.attachments ?? {})) {
    await attach(file, content)
  }
  const startedAt = new Date().toISOString()
  const clock = startClock()
  const foreign = scenario.foreignWrites !== undefined && { foreignWrites: true }
  const header = { model: 'etcd', seed: plan.seed, ...foreign } as const
  const recorder = await openRecorder({ path: directory.history, header, clock })
  const evidence: ScenarioEvidence = {
    directory,
    startedAt,
    clock,
    recorder,
    marks: [],
    measures: {},
    lowerBounds: new Map(),
    failures: [],
    final: undefined,
    watches: undefined,
    leases: undefined,
    attach,
    collect: async () => {
      await recorder.flush()
      const { final, watches, leases } = evidence
      const logs = await readLogs(directory)
      return {
        history: recorder.history(),
        logs,
        ...(final !== undefined && { final }),
        ...(watches !== undefined && { watches: watches.log() }),
        ...(leases !== undefined && { leases: leases.log() }),
      }
    },
    [Symbol.asyncDispose]: () => recorder[Symbol.asyncDispose](),
  }
  return evidence
}

/** Of every member that ever was, whether it is still there or not. */
async function readLogs({ members }: ScenarioDirectory): Promise<Record<string, string[]>> {
  const logs = (await readdir(members)).map(async (file) => {
    const text = await readFile(join(members, file), 'utf8')
    return [basename(file, '.log'), text.split('\n').filter((line) => line !== '')] as const
  })
  return Object.fromEntries(await Promise.all(logs))
}
