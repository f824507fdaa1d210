import { exitCodes, GauntletError, messageOf } from '../../core/errors.ts'
import type { MatrixCell } from '../../run-record/matrix-record.ts'
import type { RunVerdict } from '../../run-record/verdict.ts'
import type { PlannedCell } from './axes.ts'

/** What one cell's run left: its folder and its exit code. */
type CellResult = { readonly run: string } & Pick<RunVerdict, 'exitCode'>

/**
 * Runs the cells one after the other, until the signal aborts. `save` receives all of them before the
 * first one starts and after each, so that a killed matrix has what it did. An error that we throw on
 * purpose, such as for an image that there is none of, ends its cell alone; any other is thrown.
 */
export async function runCells(
  planned: readonly PlannedCell[],
  parts: {
    readonly start: (cell: PlannedCell) => Promise<CellResult>
    readonly save: (cells: readonly MatrixCell[]) => void
    readonly interrupt: AbortSignal
  },
): Promise<void> {
  const { start, save, interrupt } = parts
  const cells = planned.map(unreachedCell)
  save(cells)
  for (const [at, cell] of planned.entries()) {
    if (interrupt.aborted) return
    cells[at] = await runCell(cell, start)
    save(cells)
  }
}

function unreachedCell({ name, values }: PlannedCell): MatrixCell {
  const reason = 'the matrix ended before this cell'
  return { name, values, exitCode: exitCodes.inconclusive, reason }
}

async function runCell(
  cell: PlannedCell,
  start: (cell: PlannedCell) => Promise<CellResult>,
): Promise<MatrixCell> {
  const { name, values } = cell
  try {
    return { name, values, ...(await start(cell)) }
  } catch (thrown) {
    if (!(thrown instanceof GauntletError)) throw thrown
    return { name, values, exitCode: thrown.exitCode, reason: messageOf(thrown) }
  }
}
