import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Checker } from '../checkers/checker.ts'
import { createRegistry } from '../checkers/judge/registry.ts'
import type { Log } from '../core/log.ts'
import { ensureToolbox } from '../engine/images/ensure-built.ts'
import { resolveImage } from '../engine/images/resolve.ts'
import { newRunId } from '../run-record/run-directory.ts'
import type { EtcdUnderTest, ScenarioRecord } from '../run-record/run-record.ts'
import { buildPlan, etcdOf, planOfImage } from './build-plan.ts'
import { conductOnce, runAndShrink } from './chaos/run-chaos.ts'
import { type ClusterSource, startNewCluster } from './clusters/source.ts'
import { isRunUnderWay, loadPlan, type RunPlan } from './plan.ts'
import type { Scenario } from './scenario.ts'

/** A scenario that ran alone. */
export interface StandaloneRun {
  readonly record: ScenarioRecord
  /** Holds its evidence: a temporary directory, which the caller removes. */
  readonly directory: string
}

/**
 * Conducts a scenario outside of any run's record: on the run's cluster or, outside of a run, on the
 * default one. For detection tests, whose scenarios must come out broken, and to repeat a failure.
 */
export async function runStandalone(
  scenario: Scenario,
  options: {
    readonly log: Log
    readonly signal?: AbortSignal
    readonly seed?: number
    /** Of a chaos scenario. */
    readonly durationMs?: number
    /** Of every deadline and of the length of faults; default the run's. */
    readonly timeScale?: number
    /** On the default cluster of this version, whatever the run is of. */
    readonly version?: string
    /** Versions of the catalogue to which its members are upgraded, one after the other. */
    readonly upgradeTo?: readonly string[]
    /** Whether the schedule of a broken chaos scenario is shrunk; default true. */
    readonly shrinks?: boolean
    /** Further checkers that the scenario may name. */
    readonly checkers?: readonly Checker[]
    /** Of the time that etcd has for each promise, the share that it gets; default 1. */
    readonly patience?: number
    /** Where its cluster comes from; default a new one. */
    readonly clusters?: ClusterSource
  },
): Promise<StandaloneRun> {
  const {
    log,
    signal = new AbortController().signal,
    version,
    upgradeTo = [],
    shrinks,
    checkers,
    clusters = startNewCluster,
    patience = 1,
    ...drawn
  } = options
  const directory = mkdtempSync(join(tmpdir(), 'gauntlet-standalone-'))
  const base = isRunUnderWay() ? loadPlan() : await defaultPlan(directory, log)
  const ofVersion = version === undefined ? {} : await planOfVersion(version, log)
  const targets = await Promise.all(upgradeTo.map((each) => etcdOfVersion(each, log)))
  const upgrades = targets.length === 0 ? {} : { upgradeTo: targets }
  const plan: RunPlan = { ...base, ...ofVersion, ...upgrades, directory, ...drawn }
  const registry = createRegistry(checkers)
  const conductIt = shrinks === false ? conductOnce : runAndShrink
  const conducting = { log, signal, registry, clusters, patience }
  return { record: await conductIt(scenario, plan, conducting), directory }
}

async function defaultPlan(directory: string, log: Log): Promise<RunPlan> {
  const image = await resolveImage({ ...nativeImage, log })
  const toolboxImage = await ensureToolbox({ log })
  return buildPlan({ runId: newRunId(), directory, image, toolboxImage })
}

/** The parts of a plan that follow from its version of etcd. */
async function planOfVersion(version: string, log: Log): Promise<Partial<RunPlan>> {
  const image = await resolveImage({ ...nativeImage, version, log })
  return { ...planOfImage(image), options: `--etcd ${version}` }
}

async function etcdOfVersion(version: string, log: Log): Promise<EtcdUnderTest> {
  return etcdOf(await resolveImage({ ...nativeImage, version, log }))
}

const nativeImage = { architecture: 'native', allowBuild: true } as const
