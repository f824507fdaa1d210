import { expect, test } from 'vitest'
import type { Cluster, Member } from '../cluster/types.ts'
import { isCompacted } from './administration/compact.ts'
import { hasMoved } from './administration/move-leader.ts'
import { compareReadings } from './compare-readings.ts'
import { lowerMedian } from './network/latency.ts'
import { isStarved } from './process/cpu-limit.ts'
import { isShortOfMemory } from './process/memory-limit.ts'
import { isFrozen } from './process/pause.ts'
import type { ProcessLoad } from './process/read-load.ts'
import { areSlower } from './storage/probe-fsync.ts'

/** What no fault of ours did must not prove one: each comparison against what else may look like it. */

interface Figures {
  readonly cpus?: number
  readonly memoryBytes?: number
  readonly throttled?: number
  readonly used?: number
  readonly hits?: number
  readonly process?: Partial<ProcessLoad['process']>
}

function load({ cpus = 0, memoryBytes = 0, throttled = 0, used = 0, ...more }: Figures) {
  return {
    process: {
      running: true,
      paused: false,
      startedAt: 'a',
      outOfMemory: false,
      exitCode: 0,
      arguments: [],
      imageId: 'i',
      limits: { cpus, memoryBytes },
      ...more.process,
    },
    usage: {
      throttledPeriods: throttled,
      memoryBytes: used,
      memoryLimitBytes: memoryBytes,
      memoryLimitHits: more.hits ?? 0,
    },
  } satisfies ProcessLoad
}

test('an existing limit of processor time does not prove a new one', () => {
  const fault = load({ cpus: 0.1, throttled: 3 })
  expect(isStarved(0.1, load({}), fault)).toBe(true)
  expect(isStarved(0.1, load({ cpus: 2 }), fault)).toBe(true)
  expect(isStarved(0.1, load({ cpus: 1, throttled: 1 }), load({ cpus: 1, throttled: 9 }))).toBe(
    false,
  )
  expect(isStarved(0.1, load({ cpus: 0.05 }), load({ cpus: 0.05, throttled: 9 }))).toBe(false)
  expect(isStarved(0.1, load({ throttled: 3 }), fault)).toBe(false)
})

test('neither a lower limit of memory nor an exit from before it proves a new limit', () => {
  const full = load({ memoryBytes: 100, used: 95 })
  const outOfMemory = { running: false, outOfMemory: true }
  expect(isShortOfMemory(100, load({}), full)).toBe(true)
  expect(isShortOfMemory(100, load({ memoryBytes: 200 }), full)).toBe(true)
  expect(isShortOfMemory(100, load({}), load({ memoryBytes: 100, process: outOfMemory }))).toBe(
    true,
  )
  expect(isShortOfMemory(100, load({ memoryBytes: 50, used: 50 }), full)).toBe(false)
  expect(isShortOfMemory(100, load({}), load({ used: 500 }))).toBe(false)
  expect(isShortOfMemory(100, load({}), load({ memoryBytes: 100, used: 10 }))).toBe(false)
  expect(
    isShortOfMemory(100, load({ hits: 4 }), load({ memoryBytes: 100, used: 10, hits: 4 })),
  ).toBe(false)
  expect(
    isShortOfMemory(
      100,
      load({ process: outOfMemory }),
      load({ memoryBytes: 100, process: outOfMemory }),
    ),
  ).toBe(false)
})

test('a process that the kernel ended before is ended again, and its old flag alone proves nothing', () => {
  const runsAgain = load({ process: { running: true, outOfMemory: true, startedAt: 'b' } })
  const again = { running: false, outOfMemory: true, startedAt: 'b' }
  expect(isShortOfMemory(100, runsAgain, load({ memoryBytes: 100, process: again }))).toBe(true)
  const still = { running: true, outOfMemory: true }
  expect(
    isShortOfMemory(100, runsAgain, load({ memoryBytes: 100, used: 10, process: still })),
  ).toBe(false)
})

test('a process that was started under the limit and ended by SIGKILL proves it, whatever its flag', () => {
  const under = (process: Partial<ProcessLoad['process']>) => {
    return load({ memoryBytes: 100, process: { running: false, exitCode: 137, ...process } })
  }
  expect(isShortOfMemory(100, load({}), under({ startedAt: 'b' }))).toBe(true)
  expect(isShortOfMemory(100, load({}), under({ startedAt: 'b', exitCode: 1 }))).toBe(false)
  // Killed, so that the limit can be set, and not started again yet.
  expect(isShortOfMemory(100, load({}), under({}))).toBe(false)
})

test('a process that was frozen before, or that answers, does not prove a pause', () => {
  const runs = { ...load({}), answers: true }
  const frozen = { ...load({ process: { paused: true } }), answers: false }
  expect(isFrozen(runs, frozen)).toBe(true)
  expect(isFrozen(frozen, frozen)).toBe(false)
  expect(isFrozen(runs, { ...frozen, answers: true })).toBe(false)
  expect(isFrozen(runs, { ...runs, answers: false })).toBe(false)
})

test('a slow disk is proved by the fsyncs since the fault, against enough of those before', () => {
  const before = { startedAt: 'a', sumS: 0.01, count: 10 }
  const window = (sumS: number, count: number, startedAt = 'a') => ({ startedAt, sumS, count })
  expect(areSlower(20, before, window(0.01 + 0.3, 10 + 10))).toBe(true)
  expect(areSlower(20, before, window(0.3, 10, 'b'))).toBe(true)
  expect(areSlower(20, before, window(0.02, 20))).toBe(false)
  expect(areSlower(20, before, window(0.01 + 0.06, 10 + 2))).toBe(false)
  expect(areSlower(20, window(0, 0), window(0.3, 10))).toBe(false)
  const slowDisk = window(1, 10)
  expect(areSlower(20, slowDisk, window(2, 20)), 'as slow as ever').toBe(false)
})

test("a client's compaction does not prove the fault's", () => {
  const before = { present: 100, compacted: 50 }
  expect(isCompacted(before, { present: 130, compacted: 110, asked: 110 })).toBe(true)
  expect(isCompacted(before, { present: 140, compacted: 120, asked: 110 })).toBe(true)
  expect(isCompacted(before, { present: 140, compacted: 120 })).toBe(false)
  expect(isCompacted(before, { present: 130, compacted: 109, asked: 110 })).toBe(false)
  const again = { present: 140, compacted: 110, asked: 110 }
  expect(isCompacted(again, { present: 160, compacted: 150, asked: 110 })).toBe(false)
  expect(isCompacted({ ...before, compacted: 110 }, again), 'compacted already').toBe(false)
})

test('an election that makes another member the leader does not prove a handover', () => {
  expect(hasMoved({ leaderId: 'a', nextId: 'b' }, { leaderId: 'b', nextId: 'a' })).toBe(true)
  expect(hasMoved({ leaderId: 'a', nextId: 'b' }, { leaderId: 'c', nextId: 'b' })).toBe(false)
  expect(hasMoved({ leaderId: 'a', nextId: 'b' }, { leaderId: 'a', nextId: 'b' })).toBe(false)
  expect(hasMoved({ leaderId: null, nextId: 'b' }, { leaderId: 'b', nextId: 'a' })).toBe(false)
})

test('one slow look of many does not prove a latency', async () => {
  const member = { name: 'm1' } as Member
  const looks = [1, 1, 1, 90, 1, 90]
  const probe = compareReadings<number>({
    expected: 'slower',
    what: 'round trip',
    read: async () => looks.shift() ?? 90,
    isObserved: (before, now) => now - before >= 40,
    summarize: lowerMedian,
    format: (ms) => ms,
  })
  const measure = await probe({} as Cluster, [member])
  const observed = []
  while (looks.length > 0) observed.push((await measure()).observed)
  expect(observed).toEqual([false, false, false, false, false])
})

test('what could not be read before the fault proves nothing', async () => {
  const answers = [Promise.reject(new Error('no answer')), Promise.resolve(5)]
  const probe = compareReadings<number>({
    expected: 'more',
    what: 'figure',
    read: () => answers.shift() ?? Promise.resolve(6),
    isObserved: () => true,
    format: (figure) => figure,
  })
  const measure = await probe({} as Cluster, [{ name: 'm1' } as Member])
  expect(await measure()).toMatchObject({ observed: false, measured: [{ now: 5 }] })
})
