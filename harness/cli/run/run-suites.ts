import { resolve } from 'node:path'
import { stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { probeCapabilities } from '../../engine/capabilities/probe.ts'
import { keepEvidence } from '../../run-record/evidence/keep-evidence.ts'
import { createRunDirectory } from '../../run-record/run-directory.ts'
import type { EtcdUnderTest } from '../../run-record/run-record.ts'
import { buildPlan, timeScaleOf } from '../../scenario/build-plan.ts'
import { type RunPlan, runAgain } from '../../scenario/plan.ts'
import { estimateMs } from '../../scenario/run-estimate.ts'
import { expectRoomFor, expectWritable } from '../input/output-directory.ts'
import { formatRunOptions, parseObjectives, type RunOptions } from '../options/run.ts'
import { checkOptions, type Prepared, prepare } from '../prepare.ts'
import { printDryRun } from './dry-run.ts'
import { findFailpoints } from './failpoints.ts'
import { reportRun } from './report-run.ts'
import { resolveLoad } from './resolve-load.ts'
import { runPlanned } from './run-planned.ts'
import type { RunBounds } from './run-vitest.ts'
import { planShard, shardOption } from './shard.ts'
import { chosenScenarios, formatRenamed, planSelection, type Selection, select } from './suites.ts'
import { resolveUpgrades, upgradeChoices } from './upgrades.ts'

const presetName = 'three-mtls'

/**
 * Runs what the names select, with one record and one report, and sets the exit code; with
 * `--dry-run` prints the plan alone. Throws an InputError for the first wrong option before anything
 * starts.
 */
export async function runSuites(
  names: readonly string[],
  options: RunOptions,
  bounds: RunBounds = {},
): Promise<void> {
  if (options.dryRun === true) {
    return printDryRun({ ...(await checkRun(names, options)), options })
  }
  await startRun(names, options, bounds)
}

/** What the names and options ask for. Throws an InputError for the first that is wrong. */
export async function checkRun(names: readonly string[], options: RunOptions) {
  const spec = checkOptions(presetName, options)
  upgradeChoices(options)
  const selection = await select(names)
  const objectives = parseObjectives(options.objective)
  return { spec, selection, objectives, disk: expectWritable(options.out) }
}

/** A run with its record and report; sets the exit code and returns the run directory. */
export async function startRun(
  names: readonly string[],
  options: RunOptions,
  bounds: RunBounds,
): Promise<string> {
  const { selection, objectives } = await checkRun(names, options)
  const log = stderrLog()
  for (const renamed of selection.renamed) log.warn(formatRenamed(renamed))
  await expectRoomFor(selection, options)
  const seed = options.seed ?? randomSeed()
  log.step(`seed ${seed}`)
  const prepared = await prepare(presetName, options, log)
  const upgradeTo = await resolveUpgrades(options, log)
  const load = options.load && (await resolveLoad(options.load, prepared, log))
  const failpoints = await findFailpoints(prepared, selection, log)
  const resolved = { prepared, upgradeTo, load, failpoints }
  const { lastBeginMs } = bounds
  const plan = await planOf({
    names,
    options,
    selection,
    seed,
    objectives,
    lastBeginMs,
    ...resolved,
  })
  const { selfTests = false, shard } = options
  const outcome = await runPlanned(plan, selection, {
    selfTests,
    ...(shard && { shard }),
    ...bounds,
  })
  await reportRun(plan, outcome, { json: options.json === true })
  await keepEvidence(plan.directory, options.keep)
  return plan.directory
}

async function planOf(parts: {
  readonly names: readonly string[]
  readonly options: RunOptions
  readonly selection: Selection
  readonly seed: number
  readonly objectives: Readonly<Record<string, number>>
  readonly prepared: Prepared
  readonly upgradeTo: readonly EtcdUnderTest[]
  readonly load: RunPlan['load']
  readonly failpoints: RunPlan['failpoints']
  readonly lastBeginMs: RunBounds['lastBeginMs']
}): Promise<RunPlan> {
  const { names, options, selection, seed, objectives, prepared, upgradeTo, load, failpoints } =
    parts
  const scenarios = await planScenarios(selection, options, timeScaleOf(prepared.image))
  const { id, directory } = createRunDirectory(resolve(options.out))
  const { shard } = options
  const words = formatRunOptions(options, seed)
  const shardWords = shard === undefined ? [] : ['--shard', shardOption.format(shard)]
  return buildPlan({
    ...prepared,
    runId: id,
    directory,
    seed,
    depth: options.depth,
    scenarios: await withLastBegin(scenarios, selection, parts.lastBeginMs),
    ...(options.duration !== undefined && { durationMs: options.duration }),
    objectives,
    ...(load && { load }),
    ...(failpoints && { failpoints }),
    ...(upgradeTo.length > 0 && { upgradeTo: [...upgradeTo] }),
    capabilities: await probeCapabilities(),
    command: [runAgain, ...names, words, ...shardWords].join(' '),
    options: words,
  })
}

/** A chaos begins whenever its turn comes. */
async function withLastBegin(
  planned: RunPlan['scenarios'],
  selection: Selection,
  lastBeginMs: number | undefined,
): Promise<RunPlan['scenarios']> {
  if (lastBeginMs === undefined) return planned
  const chosen = await chosenScenarios(selection)
  const chaos = new Set(chosen.filter(({ chaos }) => chaos === true).map(({ id }) => id))
  const beginBy = new Date(Date.now() + lastBeginMs).toISOString()
  return planned.map((one) => (chaos.has(one.id) ? one : { ...one, beginBy }))
}

async function planScenarios(
  selection: Selection,
  { depth, duration: durationMs, shard }: RunOptions,
  timeScale: number,
): Promise<RunPlan['scenarios']> {
  const planned = await planSelection(selection, depth)
  if (shard === undefined) return planned
  const run = { depth, durationMs, timeScale }
  const scenarios = await chosenScenarios(selection)
  const lengths = new Map(scenarios.map((scenario) => [scenario.id, estimateMs(scenario, run)]))
  return planShard(planned, (id) => lengths.get(id) ?? 0, shard)
}
