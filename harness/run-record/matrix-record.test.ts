import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ExitCode } from '../core/errors.ts'
import { exitCodeOf, type MatrixRecord, readMatrix, saveMatrix } from './matrix-record.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-matrix-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const matrixOf = (...codes: readonly ExitCode[]): MatrixRecord => ({
  format: 'gauntlet-matrix/1',
  seed: 7,
  startedAt: '2026-01-31T11:45:02.000Z',
  command: 'gauntlet run --matrix etcd=a,b',
  cells: codes.map((exitCode) => ({ name: 'a', values: { etcd: 'a' }, exitCode })),
})

test.each([
  [[0, 0], 0],
  [[0, 4], 4],
  [[4, 2], 2],
  [[2, 3, 0], 3],
  [[3, 4, 1, 0], 1],
] as const)('cells that exit with %j make a matrix that exits with %i', (codes, expected) => {
  expect(exitCodeOf(matrixOf(...codes))).toBe(expected)
})

test('a matrix is read as it was saved, and a damaged one names its field', () => {
  const matrix = matrixOf(0, 4)
  saveMatrix(folder, matrix)
  expect(readMatrix(folder)).toEqual(matrix)
  const file = join(folder, 'matrix.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"exitCode": 4', '"exitCode": 9'))
  expect(() => readMatrix(folder)).toThrow(/`cells\[1\]\.exitCode` in .*matrix\.json/)
})
