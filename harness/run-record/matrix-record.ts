import { join } from 'node:path'
import { type ExitCode, exitCodes } from '../core/errors.ts'
import { count, instant, record } from '../core/schema/parts.ts'
import { Type } from '../core/schema/type.ts'
import { createValidator, type Shape } from '../core/schema/validator.ts'
import { replaceJson } from './files.ts'
import { readRecord } from './read-record.ts'

const cellSchema = Type.Object({
  name: Type.String({ description: 'Its values, such as `3.5.30 arm64`.' }),
  values: record(Type.String(), { description: 'By axis.' }),
  exitCode: Type.Unsafe<ExitCode>({ enum: Object.values(exitCodes) }),
  run: Type.Optional(
    Type.String({ description: 'The folder of its run, beside matrix.json; absent without one.' }),
  ),
  reason: Type.Optional(Type.String({ description: 'Why it has no run.' })),
})

const matrixSchema = Type.Object({
  format: Type.Literal('gauntlet-matrix/1'),
  seed: count,
  startedAt: instant,
  command: Type.String({ description: 'Runs the matrix again.' }),
  cells: Type.Array(cellSchema),
})

/** `matrix.json`: runs of the same scenarios from one seed, each on another cluster. */
export interface MatrixRecord extends Shape<typeof matrixSchema> {}

export type MatrixCell = MatrixRecord['cells'][number]

const format = { what: 'a matrix', validator: createValidator(matrixSchema) }
const fileIn = (directory: string): string => join(directory, 'matrix.json')

/** Throws an InputError with the file and what is wrong with it. */
export const readMatrix = (directory: string): MatrixRecord => readRecord(fileIn(directory), format)

/** Replaces matrix.json in one step. */
export const saveMatrix = (directory: string, matrix: MatrixRecord): void =>
  replaceJson(fileIn(directory), matrix)

/** What was found about etcd decides before what could not be tried. */
const worstFirst: readonly ExitCode[] = [
  exitCodes.broken,
  exitCodes.inconclusive,
  exitCodes.usage,
  exitCodes.environment,
]

/** The exit code of the worst cell: broken before inconclusive before what could not start. */
export function exitCodeOf({ cells }: Pick<MatrixRecord, 'cells'>): ExitCode {
  return (
    worstFirst.find((code) => cells.some(({ exitCode }) => exitCode === code)) ?? exitCodes.held
  )
}
