import { expect, test } from 'vitest'
import { orderChoices } from './choose-failpoint.ts'
import { panicsIn } from './failpoint-panic.ts'

const names = ['afterCommit', 'beforeCommit', 'raftAfterSave', 'raftBeforeSave', 'walBeforeSync']

test('the same seed tries failpoints in the same order, whatever order they are listed in', () => {
  const order = (seed: number, listed = names) =>
    orderChoices(listed, { seed, timesChosen: () => 0 }).join()
  expect(order(7)).toBe(order(7, names.toReversed()))
  expect(order(7).split(',').sort()).toEqual(names)
  expect(new Set(Array.from({ length: 20 }, (_, seed) => order(seed))).size).toBeGreaterThan(5)
})

test('failpoints that were not chosen yet come before those that were', () => {
  const times: Readonly<Record<string, number>> = { raftAfterSave: 2, walBeforeSync: 1 }
  const ordered = orderChoices(names, { seed: 1, timesChosen: (name) => times[name] ?? 0 })
  expect(ordered.slice(3)).toEqual(['walBeforeSync', 'raftAfterSave'])
})

test('a log names the failpoints at which its process panicked, in order', () => {
  const log = [
    '{"level":"info","msg":"served"}',
    'panic: failpoint panic: beforeCommit',
    'goroutine 137 [running]:',
    '{"level":"panic","msg":"execute job failed","panic":"failpoint panic: raftBeforeSave"}',
    'panic: runtime error: index out of range',
    '2026-01-31T11:45:03.5Z panic: failpoint panic: raftBeforeSave',
  ].join('\n')
  expect(panicsIn(log)).toEqual(['beforeCommit', 'raftBeforeSave'])
})
