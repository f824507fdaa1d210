import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { insideRun } from '../harness/run-record/files.ts'
import { exitCodeOf, readMatrix } from '../harness/run-record/matrix-record.ts'
import { readRun } from '../harness/run-record/run-directory.ts'
import { renderMatrixPage } from './html/matrix-page.ts'
import { comparedMeasures, tabulate } from './model/matrix/table.ts'
import type { MatrixView } from './model/matrix/view.ts'

/** Reads matrix.json and the run.json of each cell; throws an InputError for one that is unreadable. */
export function readMatrixView(directory: string): MatrixView {
  const matrix = readMatrix(directory)
  const columns = matrix.cells.map((cell) => {
    return cell.run === undefined
      ? { cell }
      : { cell, record: readRun(insideRun(directory, cell.run)) }
  })
  return { matrix, columns, rows: tabulate(columns) }
}

/** Writes `<directory>/matrix.html`; returns its path. */
export function writeMatrixPage(directory: string, view: MatrixView): string {
  const file = join(directory, 'matrix.html')
  writeFileSync(file, renderMatrixPage(view))
  return file
}

/** What `gauntlet run --matrix --json` prints; a contract. */
export function matrixAsJson({ matrix, rows }: MatrixView) {
  return {
    ...matrix,
    exitCode: exitCodeOf(matrix),
    rows: rows.map(({ id, title, entries }) => ({
      id,
      title,
      entries: entries.map((entry) => {
        if (entry === undefined) return null
        const { scenario, outcome, differences } = entry
        const measures = comparedMeasures.map((name) => [name, scenario.measures[name] ?? null])
        return { outcome, measures: Object.fromEntries(measures), differences }
      }),
    })),
  }
}
