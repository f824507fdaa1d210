import { join, relative, resolve } from 'node:path'
import { matrixAsJson, readMatrixView, writeMatrixPage } from '../../../reports/matrix.ts'
import { renderMatrixTerminal } from '../../../reports/matrix-terminal.ts'
import { stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { quoteForShell } from '../../forms/text/quote.ts'
import { exitCodeOf, saveMatrix } from '../../run-record/matrix-record.ts'
import { newRunId, readRun, verdictOf } from '../../run-record/run-directory.ts'
import { runAgain } from '../../scenario/plan.ts'
import { formatRunOptions, type RunOptions } from '../options/run.ts'
import { stopOnInterrupt } from '../process/events.ts'
import { checkRun, runSuites, startRun } from '../run/run-suites.ts'
import { shardOption } from '../run/shard.ts'
import { type PlannedCell, parseAxes, planCells } from './axes.ts'
import { runCells } from './run-cells.ts'

/**
 * Runs what the names select once for each cell of `--matrix`, one after the other and from one seed,
 * and shows all of them in one table; sets the exit code of the worst cell. Throws an InputError for
 * the first wrong option or value before anything starts. A cell that this machine cannot run is on
 * record with the reason, and the others run. `given` are the options of the command line.
 */
export async function runMatrix(
  names: readonly string[],
  options: RunOptions,
  given: readonly string[],
): Promise<void> {
  const seed = options.seed ?? randomSeed()
  const cells = planCells(parseAxes(options.matrix), { ...options, seed }, given)
  for (const cell of cells) await checkRun(names, cell.options)
  if (options.dryRun === true) {
    for (const cell of cells) await runSuites(names, cell.options)
    return
  }
  const directory = join(resolve(options.out), `matrix-${newRunId()}`)
  const matrix = {
    format: 'gauntlet-matrix/1' as const,
    seed,
    startedAt: new Date().toISOString(),
    command: commandOf(names, options, seed),
  }
  const interrupted = new AbortController()
  const stopListening = stopOnInterrupt(() => interrupted.abort())
  const { signal: interrupt } = interrupted
  try {
    await runCells(cells, {
      start: (cell) => startCell(cell, { names, directory, interrupt }),
      save: (done) => saveMatrix(directory, { ...matrix, cells: done }),
      interrupt,
    })
  } finally {
    stopListening()
  }
  report(directory, options)
}

/** A run of its own, in the folder of the matrix. */
async function startCell(
  { name, options }: PlannedCell,
  parts: {
    readonly names: readonly string[]
    readonly directory: string
    readonly interrupt: AbortSignal
  },
) {
  const { names, directory, interrupt } = parts
  stderrLog().step(`cell ${name}`)
  const out = { out: directory, json: false }
  const runDirectory = await startRun(names, { ...options, ...out }, { interrupt })
  const { exitCode } = verdictOf(readRun(runDirectory))
  return { run: relative(directory, runDirectory), exitCode }
}

function report(directory: string, { json }: RunOptions): void {
  const view = readMatrixView(directory)
  const page = writeMatrixPage(directory, view)
  if (json === true) process.stdout.write(`${JSON.stringify(matrixAsJson(view))}\n`)
  const { columns: width = 100, isTTY = false } = process.stderr
  const color = isTTY && !process.env.NO_COLOR
  process.stderr.write(`\n${renderMatrixTerminal(view, { color, width })}\n`)
  process.stderr.write(`Matrix: ${relative(process.cwd(), page)}\n`)
  process.exitCode = exitCodeOf(view.matrix)
}

function commandOf(names: readonly string[], options: RunOptions, seed: number): string {
  const axes = options.matrix.flatMap((axis) => ['--matrix', quoteForShell(axis)])
  const { shard } = options
  const part = shard === undefined ? [] : ['--shard', shardOption.format(shard)]
  return [runAgain, ...names, ...axes, formatRunOptions(options, seed), ...part].join(' ')
}
