import { mkdtempSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../core/log.ts'
import { ensureToolbox, resolveImage } from '../engine/images.ts'
import { newRunId } from '../record/run-directory.ts'
import type { ScenarioRecord } from '../record/run-record.ts'
import { clusterSpec } from '../topology/presets.ts'
import { conductDrawn } from './drawn.ts'
import { hasPlan, loadPlan, type RunPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

export interface Alone {
  readonly record: ScenarioRecord
  /** Where its evidence is: a temporary directory of its own, which is the caller's to remove. */
  readonly directory: string
}

/**
 * Conducts a scenario outside of any run's record, on the run's cluster or, outside of a run, on
 * the default one. For canaries, which must come out broken, and for looking again at a failure.
 */
export async function conductAlone(
  scenario: Scenario,
  options: {
    readonly log: Log
    readonly signal?: AbortSignal
    readonly seed?: number
    /** Of a chaos. */
    readonly durationMs?: number
  },
): Promise<Alone> {
  const { log, signal = new AbortController().signal, ...drawn } = options
  const under = hasPlan() ? loadPlan() : await defaultPlan(log)
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-alone-'))
  const plan = { ...under, directory, ...drawn }
  return { record: await conductDrawn(scenario, plan, { log, signal }), directory }
}

async function defaultPlan(log: Log): Promise<Omit<RunPlan, 'directory'>> {
  const image = await resolveImage({ architecture: 'native', allowBuild: true, log })
  const { version, reference, digest, architecture, emulated } = image
  return {
    runId: newRunId(),
    seed: 1,
    depth: 'ci',
    scenarios: [],
    spec: clusterSpec({ version, architecture }),
    etcd: { version, image: reference, imageDigest: digest, architecture, emulated },
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
    options: '',
  }
}
