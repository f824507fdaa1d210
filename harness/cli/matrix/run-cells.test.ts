import { expect, test } from 'vitest'
import { EnvironmentError } from '../../core/errors.ts'
import type { MatrixCell } from '../../run-record/matrix-record.ts'
import type { RunOptions } from '../options/run.ts'
import { runCells } from './run-cells.ts'

const planned = ['a', 'b', 'c'].map((name) => ({
  name,
  values: { etcd: name },
  options: {} as RunOptions,
}))

async function runAll(
  start: (name: string, interrupt: AbortController) => void,
): Promise<MatrixCell[][]> {
  const saved: MatrixCell[][] = []
  const interrupt = new AbortController()
  await runCells(planned, {
    start: async ({ name }) => {
      start(name, interrupt)
      return { run: `run-${name}`, exitCode: 0 }
    },
    save: (cells) => saved.push([...cells]),
    interrupt: interrupt.signal,
  })
  return saved
}

test('a cell that the environment cannot run is on record with the reason, and the others run', async () => {
  const saved = await runAll((name) => {
    if (name === 'b') throw new EnvironmentError('no emulation')
  })
  expect(saved.at(-1)).toEqual([
    { name: 'a', values: { etcd: 'a' }, run: 'run-a', exitCode: 0 },
    { name: 'b', values: { etcd: 'b' }, exitCode: 4, reason: 'no emulation' },
    { name: 'c', values: { etcd: 'c' }, run: 'run-c', exitCode: 0 },
  ])
})

test('after an interrupt the cell under way is kept and no further one starts', async () => {
  const started: string[] = []
  const saved = await runAll((name, interrupt) => {
    started.push(name)
    interrupt.abort()
  })
  expect(started).toEqual(['a'])
  expect(saved.at(-1)?.map(({ run, exitCode }) => [run, exitCode])).toEqual([
    ['run-a', 0],
    [undefined, 3],
    [undefined, 3],
  ])
})

test('every cell is on record before the first one starts', async () => {
  const [first] = await runAll(() => {})
  expect(first?.map(({ reason }) => reason)).toEqual(
    Array(3).fill('the matrix ended before this cell'),
  )
})

test('a defect of our own is thrown', async () => {
  const defect = runAll(() => {
    throw new TypeError('no such field')
  })
  await expect(defect).rejects.toThrow('no such field')
})
