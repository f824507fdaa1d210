import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { renderAnnotations } from '../../../reports/annotations.ts'
import { writeReport } from '../../../reports/report.ts'
import { renderTerminal } from '../../../reports/terminal.ts'
import { writeTrend } from '../../../reports/trend.ts'
import { exitCodes } from '../../core/errors.ts'
import { stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { probeCapabilities } from '../../engine/capabilities/probe.ts'
import {
  createRunDirectory,
  endRun,
  readRun,
  refreshRun,
  saveScenario,
  verdictOf,
} from '../../run-record/run-directory.ts'
import { buildPlan } from '../../scenario/build-plan.ts'
import { notRunRecord } from '../../scenario/outcome/scenario-record.ts'
import { publishPlan, type RunPlan, runAgain } from '../../scenario/plan.ts'
import { expectRoom } from '../../scenario/windows/room.ts'
import { isLong } from '../../scenario/windows/window-lengths.ts'
import { formatRunOptions, parseObjectives, type RunOptions, runOptions } from '../options/run.ts'
import { addOptions } from '../options/table.ts'
import { checkOptions, type Prepared, prepare } from '../prepare.ts'
import { runVitest, type VitestOutcome } from '../run-vitest.ts'
import {
  countChaos,
  formatRenamed,
  planSelection,
  type Selection,
  select,
  selfTestFiles,
  suiteFile,
  untimedSuites,
} from '../suites.ts'

export function runCommand(): Command {
  const command = new Command('run')
    .description('run suites against clusters, judge the histories, write the report')
    .argument('[suite...]', 'suites, or single scenarios as suite/name; all when none is given')
    .action(run)
  return addOptions(command, runOptions)
}

const presetName = 'three-mtls'

async function run(names: string[], options: RunOptions): Promise<void> {
  checkOptions(presetName, options)
  const selection = await select(names)
  const objectives = parseObjectives(options.objective)
  const log = stderrLog()
  for (const renamed of selection.renamed) log.warn(formatRenamed(renamed))
  await expectRoomFor(selection, options)
  const seed = options.seed ?? randomSeed()
  log.step(`seed ${seed}`)
  const prepared = await prepare(presetName, options, log)
  const plan = await planOf({ names, options, selection, seed, objectives, prepared })
  publishPlan(plan)
  for (const planned of plan.scenarios) saveScenario(plan.directory, notRunRecord(planned, plan))
  refreshRun(plan.directory, {})
  const outcome = await runVitest({
    files: [
      ...selection.suites.map(suiteFile),
      ...(options.selfTests === true ? selfTestFiles() : []),
    ],
    untimed: (await untimedSuites(selection.suites)).map(suiteFile),
    afterEach: () => refreshRun(plan.directory, {}),
  })
  endRun(plan.directory, outcome.errors)
  await report(plan, options, outcome)
}

/** Nothing starts when the disk or the memory cannot hold every chaos for as long as it is to last. */
async function expectRoomFor(
  selection: Selection,
  { out, duration = 0, depth }: RunOptions,
): Promise<void> {
  const chaos = await countChaos(selection, depth)
  if (chaos === 0 || !isLong(duration)) return
  const directory = resolve(out)
  mkdirSync(directory, { recursive: true })
  await expectRoom(chaos * duration, directory)
}

async function report(plan: RunPlan, options: RunOptions, outcome: VitestOutcome): Promise<void> {
  const { indexHtml } = await writeReport(plan.directory)
  await writeTrend(dirname(plan.directory))
  const record = readRun(plan.directory)
  if (options.json === true) process.stdout.write(`${JSON.stringify(record)}\n`)
  const { columns = 100, isTTY = false } = process.stderr
  const color = isTTY && process.env.NO_COLOR === undefined
  process.stderr.write(`\n${renderTerminal(record, { color, width: columns })}\n`)
  if (process.env.GITHUB_ACTIONS === 'true') {
    for (const annotation of renderAnnotations(record)) process.stdout.write(`${annotation}\n`)
  }
  process.stderr.write(`Report: ${relative(process.cwd(), indexHtml)}\n`)
  saveCounts(outcome)
  const verdict = verdictOf(record).exitCode
  process.exitCode = outcome.selfTestsFailed ? exitCodes.broken : verdict
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

/** Lets a script sum the counts of several runners. */
function saveCounts({ counts }: VitestOutcome): void {
  const file = process.env.GAUNTLET_COUNTS
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(counts)}\n`)
}
