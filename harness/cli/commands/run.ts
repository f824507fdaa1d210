import { resolve } from 'node:path'
import { Command } from 'commander'
import { stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { probeCapabilities } from '../../engine/capabilities/probe.ts'
import { createRunDirectory } from '../../run-record/run-directory.ts'
import { buildPlan } from '../../scenario/build-plan.ts'
import { type RunPlan, runAgain } from '../../scenario/plan.ts'
import { printDryRun } from '../dry-run.ts'
import { formatRunOptions, parseObjectives, type RunOptions, runOptions } from '../options/run.ts'
import { addOptions } from '../options/table.ts'
import { expectRoomFor, expectWritable } from '../output-directory.ts'
import { checkOptions, type Prepared, prepare } from '../prepare.ts'
import { reportRun } from '../report-run.ts'
import { runPlanned } from '../run-planned.ts'
import { formatRenamed, planSelection, type Selection, select } from '../suites.ts'

export function runCommand(): Command {
  const command = new Command('run')
    .description('run suites against clusters, judge the histories, write the report')
    .argument('[suite...]', 'suites, or single scenarios as suite/name; all when none is given')
    .addHelpText('after', examples)
    .action(run)
  return addOptions(command, runOptions)
}

const examples = `
Examples:
  gauntlet run --dry-run                            what would run here, and what it takes
  gauntlet run --depth quick                        the suites' most telling scenarios, as npm start
  gauntlet run quorum-loss/leader-killed            one scenario
  gauntlet run --from etcd.yaml --etcd 3.6.14       your own deployment, on another version
  gauntlet run --image registry.example/etcd:tuned  your own image
  gauntlet run chaos --duration 30m --seed 7        random faults, the same plan each time
  gauntlet run throughput --objective writesPerS=3000

SIGINT ends the scenario under way and reports what was judged; a second one exits at once.`

const presetName = 'three-mtls'

async function run(names: string[], options: RunOptions): Promise<void> {
  const spec = checkOptions(presetName, options)
  const selection = await select(names)
  const objectives = parseObjectives(options.objective)
  const disk = expectWritable(options.out)
  if (options.dryRun === true) return printDryRun({ selection, spec, options, disk })
  const log = stderrLog()
  for (const renamed of selection.renamed) log.warn(formatRenamed(renamed))
  await expectRoomFor(selection, options)
  const seed = options.seed ?? randomSeed()
  log.step(`seed ${seed}`)
  const prepared = await prepare(presetName, options, log)
  const plan = await planOf({ names, options, selection, seed, objectives, prepared })
  const outcome = await runPlanned(plan, selection, { selfTests: options.selfTests === true })
  await reportRun(plan, outcome, { json: options.json === true })
}

async function planOf(parts: {
  readonly names: readonly string[]
  readonly options: RunOptions
  readonly selection: Selection
  readonly seed: number
  readonly objectives: Readonly<Record<string, number>>
  readonly prepared: Prepared
}): Promise<RunPlan> {
  const { names, options, selection, seed, objectives, prepared } = parts
  const { id, directory } = createRunDirectory(resolve(options.out))
  const words = formatRunOptions(options, seed)
  return buildPlan({
    ...prepared,
    runId: id,
    directory,
    seed,
    depth: options.depth,
    scenarios: await planSelection(selection, options.depth),
    ...(options.duration !== undefined && { durationMs: options.duration }),
    objectives,
    capabilities: await probeCapabilities(),
    command: [runAgain, ...names, words].join(' '),
    options: words,
  })
}
