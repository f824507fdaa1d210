import { join, relative, resolve } from 'node:path'
import { matrixAsJson, readMatrixView, writeMatrixPage } from '../../../reports/matrix.ts'
import { renderMatrixTerminal } from '../../../reports/matrix-terminal.ts'
import { exitCodes, GauntletError, messageOf } from '../../core/errors.ts'
import { stderrLog } from '../../core/log.ts'
import { randomSeed } from '../../core/random.ts'
import { quoteForShell } from '../../forms/text/shell.ts'
import {
  exitCodeOf,
  type MatrixCell,
  type MatrixRecord,
  saveMatrix,
} from '../../run-record/matrix-record.ts'
import { newRunId, readRun, verdictOf } from '../../run-record/run-directory.ts'
import { runAgain } from '../../scenario/plan.ts'
import { formatRunOptions, type RunOptions } from '../options/run.ts'
import { stopOnInterrupt } from '../process-events.ts'
import { checkRun, runSuites, startRun } from '../run-suites.ts'
import { type PlannedCell, parseAxes, planCells } from './axes.ts'

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
  await runCells(cells, {
    names,
    directory,
    save: (done) => saveMatrix(directory, { ...matrix, cells: done }),
  })
  report(directory, options)
}

interface MatrixRun {
  readonly names: readonly string[]
  readonly directory: string
  readonly save: (cells: MatrixRecord['cells']) => void
}

/** Every cell is on record before the first one starts, so that a killed matrix has what it did. */
async function runCells(planned: readonly PlannedCell[], run: MatrixRun): Promise<void> {
  const interrupted = new AbortController()
  const stopListening = stopOnInterrupt(() => interrupted.abort())
  const cells = planned.map(unreachedCell)
  run.save(cells)
  try {
    for (const [at, cell] of planned.entries()) {
      if (interrupted.signal.aborted) break
      stderrLog().step(`cell ${at + 1} of ${planned.length}: ${cell.name}`)
      cells[at] = await runCell(cell, run, interrupted.signal)
      run.save(cells)
    }
  } finally {
    stopListening()
  }
}

function unreachedCell({ name, values }: PlannedCell): MatrixCell {
  const reason = 'the matrix ended before this cell'
  return { name, values, exitCode: exitCodes.inconclusive, reason }
}

/** What is no defect of ours, such as an image that there is none of, ends this cell alone. */
async function runCell(
  { name, values, options }: PlannedCell,
  { names, directory }: MatrixRun,
  interrupt: AbortSignal,
): Promise<MatrixCell> {
  try {
    const ofCell = { ...options, out: directory, json: false }
    const runDirectory = await startRun(names, ofCell, { interrupt })
    const { exitCode } = verdictOf(readRun(runDirectory))
    return { name, values, exitCode, run: relative(directory, runDirectory) }
  } catch (thrown) {
    if (!(thrown instanceof GauntletError)) throw thrown
    const reason = messageOf(thrown)
    stderrLog().warn(`${name}: ${reason}`)
    return { name, values, exitCode: thrown.exitCode, reason }
  }
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
  return [runAgain, ...names, ...axes, formatRunOptions(options, seed)].join(' ')
}
