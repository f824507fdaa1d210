import { mkdtempSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Checker } from '../checkers/checker.ts'
import { createRegistry } from '../checkers/judge/registry.ts'
import type { Log } from '../core/log.ts'
import { ensureToolbox, resolveImage } from '../engine/images/images.ts'
import { newRunId } from '../run-record/run-directory.ts'
import type { ScenarioRecord } from '../run-record/run-record.ts'
import { clusterSpec } from '../topology/presets.ts'
import { conductOnce, runAndShrink } from './chaos/run-chaos.ts'
import { hasPlan, loadPlan, type RunPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

export interface StandaloneRun {
  readonly record: ScenarioRecord
  /** Where its evidence is: a temporary directory of its own, which is the caller's to remove. */
  readonly directory: string
}

/**
 * Conducts a scenario outside of any run's record, on the run's cluster or, outside of a run, on
 * the default one. For canaries, which must come out broken, and for looking again at a failure.
 */
export async function runStandalone(
  scenario: Scenario,
  options: {
    readonly log: Log
    readonly signal?: AbortSignal
    readonly seed?: number
    /** Of a chaos. */
    readonly durationMs?: number
    /** On the default cluster of this version, whatever the run is of. */
    readonly version?: string
    /** Whether a broken chaos is shrunk; default true. */
    readonly shrinks?: boolean
    /** Checkers that the scenario names beside ours. */
    readonly checkers?: readonly Checker[]
  },
): Promise<StandaloneRun> {
  const {
    log,
    signal = new AbortController().signal,
    version,
    shrinks,
    checkers,
    ...drawn
  } = options
  const under = hasPlan() ? loadPlan() : await defaultPlan(log)
  const of = version === undefined ? {} : await planOf(version, log)
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-alone-'))
  const plan = { ...under, ...of, directory, ...drawn }
  const registry = createRegistry(checkers)
  const conductIt = shrinks === false ? conductOnce : runAndShrink
  return { record: await conductIt(scenario, plan, { log, signal, registry }), directory }
}

/** What a plan has of its version. */
async function planOf(version: string | undefined, log: Log) {
  const choice = { architecture: 'native', allowBuild: true, log } as const
  const image = await resolveImage({ ...choice, ...(version !== undefined && { version }) })
  const { reference, digest, architecture, emulated } = image
  return {
    spec: clusterSpec({ version: image.version, architecture }),
    etcd: {
      version: image.version,
      image: reference,
      imageDigest: digest,
      architecture,
      emulated,
    },
    options: version === undefined ? '' : `--etcd ${version}`,
  }
}

async function defaultPlan(log: Log): Promise<Omit<RunPlan, 'directory'>> {
  return {
    ...(await planOf(undefined, log)),
    runId: newRunId(),
    seed: 1,
    depth: 'ci',
    scenarios: [],
    machine: {
      cpus: cpus().length,
      memoryBytes: totalmem(),
      kernel: release(),
      engine: 'unknown',
      node: process.version,
    },
    toolboxImage: await ensureToolbox({ log }),
    timeScale: 1,
    objectives: {},
    capabilities: [],
    startedAt: new Date().toISOString(),
    command: '',
  }
}
