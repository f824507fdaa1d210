import { expect, test } from 'vitest'
import { parseWatchLog } from '../../history/logs/watch.ts'
import type { Attempt } from './attempts.ts'
import { phasesOf } from './phases.ts'
import { timers } from './testing/timers.ts'
import { measureWatchStreams } from './watch-streams.ts'

const ms = 1e6

interface StreamTimes {
  readonly opened: number
  readonly created?: number
  readonly closed?: number
  readonly watcher?: string
  readonly compactRevision?: number
}

/** Streams of m1's watchers, in milliseconds, beside a request each 10 ms that is so late. */
function measure(
  streams: readonly StreamTimes[],
  lateMs = 0,
  outcomeAt: (atMs: number) => Attempt['outcome'] = () => 'ok',
) {
  const entries = streams.flatMap((times, stream) => {
    const { opened, created, closed, watcher, compactRevision } = times
    const at = (time: number) => ({ stream, timeNs: time * ms })
    const open = { type: 'open', member: 'm1', startRevision: 1, ...(watcher && { watcher }) }
    return [
      { ...open, ...at(opened) },
      ...(created === undefined ? [] : [{ type: 'created', revision: 1, ...at(created) }]),
      ...(compactRevision === undefined || closed === undefined
        ? []
        : [{ type: 'canceled', compactRevision, reason: '', ...at(closed) }]),
      ...(closed === undefined ? [] : [{ type: 'closed', ...at(closed) }]),
    ]
  })
  entries.sort((one, other) => one.timeNs - other.timeNs)
  const lines = [{ format: 'gauntlet-watch/1' }, ...entries].map((line) => JSON.stringify(line))
  const attempts = Array.from({ length: 600 }, (_, index): Attempt => {
    const [dueNs, sentNs] = [index * 10 * ms, (index * 10 + lateMs) * ms]
    const of = {
      requestClass: 'write',
      kind: 'put',
      member: 'm1',
      error: '',
    } as const
    const outcome = outcomeAt(index * 10)
    return { ...of, outcome, dueNs, sentNs, endNs: sentNs + 2 * ms }
  })
  const fault = { beginNs: 2_000 * ms, endNs: 2_100 * ms }
  const steady = [0, 3_000].map((atMs) => ({ kind: 'steady', timeNs: atMs * ms }) as const)
  const drill = { attempts, phases: phasesOf([fault], steady), stalls: [], timers }
  return measureWatchStreams(parseWatchLog(`${lines.join('\n')}\n`), drill)
}

test('a watch that its member confirms after 300 ms is slow, and so is one without an answer', () => {
  const slow = [
    { opened: 100, created: 400 },
    { opened: 3_100, closed: 3_400, watcher: 'm1-late' },
    { opened: 3_100, created: 3_390 },
  ]
  expect(measure(slow).slowWatches).toBe(2)
  expect(measure(slow, 50).slowWatches).toBe(0)
  expect(measure([{ opened: 2_050, created: 2_900 }]).slowWatches).toBe(0)
})

test('a watch that a member ends without a fault is broken when its watcher opens another', () => {
  const next = { opened: 3_900, created: 3_910 }
  const ended = { opened: 3_100, created: 3_110, closed: 3_800 }
  expect(measure([ended, next]).brokenWatches).toBe(1)
  expect(measure([ended]).brokenWatches).toBe(0)
  expect(measure([{ ...ended, compactRevision: 7 }, next]).brokenWatches).toBe(0)
  const ofOthers = [ended, next].map((stream) => ({ ...stream, watcher: 'm1-late' }))
  expect(measure(ofOthers).brokenWatches).toBe(0)
})

test('a watch from before a fault or of its time is not broken after it', () => {
  const next = { opened: 3_900, created: 3_910 }
  for (const opened of [100, 2_050]) {
    expect(measure([{ opened, created: opened + 5, closed: 3_800 }, next]).brokenWatches).toBe(0)
  }
})

test('a member that serves no request meanwhile may just start, and one that serves none after it may end', () => {
  const down = (atMs: number) => (atMs >= 3_090 && atMs < 3_990 ? 'fail' : 'ok')
  const streams = [
    { opened: 3_100, created: 3_800 },
    { opened: 3_010, created: 3_020, closed: 3_095 },
    { opened: 4_000, created: 4_010 },
  ]
  expect(measure(streams, 0, down)).toEqual({ slowWatches: 0, brokenWatches: 0 })
  expect(measure(streams)).toEqual({ slowWatches: 1, brokenWatches: 1 })
})
