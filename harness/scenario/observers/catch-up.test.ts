import { expect, test } from 'vitest'
import type { FinalState } from '../../checkers/checker.ts'
import { workloadKeys } from '../../workload/plan.ts'
import { lastToReceive, untilAllReceived } from './catch-up.ts'

const kept = (modRevision: number) => ({ value: 'v', modRevision })
const member = {
  member: 'm1',
  revision: 90,
  hash: 1,
  hashRevision: 90,
  keys: { k1: kept(40), 'lease/1': kept(50), 'beside/1': kept(80) },
}
const final: FinalState = { members: [member] }

test('a watcher must reach the final revision, by its events or by bookmarks', () => {
  expect(lastToReceive(final, { keys: undefined, asksForProgress: false })).toBe(90)
  expect(lastToReceive(final, { keys: workloadKeys, asksForProgress: true })).toBe(90)
})

test('without bookmarks a watcher of some keys must reach the last of them', () => {
  expect(lastToReceive(final, { keys: workloadKeys, asksForProgress: false })).toBe(50)
})

const watcher = (label: string, receivedUpTo: () => number) => {
  return { name: 'm1', label, receivedUpTo, ended: Promise.resolve() }
}

test('watchers that catch up in time are awaited', async () => {
  let upTo = 80
  const slow = watcher('m1', () => upTo++)
  await untilAllReceived([slow, watcher('m2', () => 90)], 90, 5_000)
  expect(upTo).toBeGreaterThanOrEqual(90)
})

test('one that falls silent is named, with how far it is and how long was waited', async () => {
  const silent = watcher('m1-last', () => 70)
  await expect(untilAllReceived([silent, watcher('m2', () => 90)], 90, 30)).rejects.toThrow(
    'Waited 30 ms for every watcher to reach revision 90; last seen: m1-last at 70',
  )
})
