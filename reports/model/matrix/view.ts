import type { MatrixRecord } from '../../../harness/run-record/matrix-record.ts'
import type { MatrixColumn, MatrixRow } from './table.ts'

/** A saved matrix and the table over its runs. */
export interface MatrixView {
  readonly matrix: MatrixRecord
  readonly columns: readonly MatrixColumn[]
  readonly rows: readonly MatrixRow[]
}
