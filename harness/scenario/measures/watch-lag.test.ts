import { expect, test } from 'vitest'
import { parseHistory } from '../../history/codec.ts'
import { parseWatchLog } from '../../history/logs/watch.ts'
import { attemptsOf } from './attempts.ts'
import { phasesOf } from './phases.ts'
import { timers } from './testing/timers.ts'
import { measureWatchLag } from './watch-lag.ts'

const ms = 1e6

interface Lateness {
  /** Of m1's and of m2's watcher. */
  readonly lateMs: readonly [number, number]
  /** Of how many events one of m2's watcher is so late; default all. */
  readonly lateOf?: number
  /** When m2's watcher opens its stream. */
  readonly openedMs?: number
  readonly watcher?: string
  readonly sentLateMs?: number
  /** A fault from 200 to 210 ms, steady again from 250 ms on; m2's watcher is late only from 300 ms on. */
  readonly isLateAfterFault?: boolean
  /** How much later than m1's acknowledgement m2 shows a change to a reader. */
  readonly appliedLateMs?: number
}

/** Writes through m1 that take 8 ms each, one every 10 ms, a read of m2 for each, and two watchers. */
function lagOf({
  lateMs,
  lateOf = 1,
  openedMs = 0,
  watcher,
  sentLateMs = 0,
  isLateAfterFault = false,
  appliedLateMs = 0,
}: Lateness) {
  const writes = Array.from({ length: 50 }, (_, index) => ({ index, atMs: 10 + 10 * index }))
  const requests = writes.flatMap(({ index, atMs }) => {
    const put = { process: index, f: 'put', key: 'k', value: `v${index}` }
    const late = sentLateMs > 0 && { lateNs: sentLateMs * ms }
    const get = { process: writes.length + index, f: 'get', key: 'k', serializable: true }
    const [endNs, shownNs] = [(atMs + 8) * ms, (atMs + 8 + appliedLateMs) * ms]
    const revision = index + 2
    return [
      { type: 'invoke', ...put, member: 'm1', timeNs: atMs * ms, ...late },
      { type: 'ok', ...put, timeNs: endNs, revision },
      { type: 'invoke', ...get, member: 'm2', timeNs: shownNs },
      { type: 'ok', ...get, value: `v${index}`, timeNs: shownNs, revision },
    ]
  })
  const history = parseHistory(
    [
      { format: 'gauntlet-history/1', model: 'etcd' },
      ...requests.sort((one, other) => one.timeNs - other.timeNs),
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  )
  const openings = ['m1', 'm2'].map((member, stream) => {
    const isSecond = stream === 1
    const named = isSecond && watcher !== undefined && { watcher }
    const timeNs = isSecond ? openedMs * ms : 0
    return { type: 'open', stream, timeNs, member, startRevision: 1, ...named }
  })
  const events = writes.flatMap(({ index, atMs }) =>
    lateMs.map((late, stream) => {
      const event = {
        type: 'put',
        key: 'k',
        value: `v${index}`,
        modRevision: index + 2,
        version: 1,
      }
      const isYetInTime = stream === 1 && ((isLateAfterFault && atMs < 300) || index % lateOf !== 0)
      const timeNs = (atMs + 8 + (isYetInTime ? 0 : late)) * ms
      return { type: 'events', stream, timeNs, revision: index + 2, events: [event] }
    }),
  )
  const entries = [...openings, ...events].sort((one, other) => one.timeNs - other.timeNs)
  const lines = [{ format: 'gauntlet-watch/1' }, ...entries].map((line) => JSON.stringify(line))
  const watches = parseWatchLog(`${lines.join('\n')}\n`)
  const steady = [0, 250].map((atMs) => ({ kind: 'steady', timeNs: atMs * ms }) as const)
  const fault = { beginNs: 200 * ms, endNs: 210 * ms }
  const phases = phasesOf(isLateAfterFault ? [fault] : [], steady)
  const drill = { attempts: attemptsOf(history), phases, stalls: [], timers }
  return measureWatchLag({ history, watches }, drill)
}

test('events that one member sends 200 ms after it shows the change lag by 200 ms', () => {
  expect(lagOf({ lateMs: [0, 200] }).measures).toMatchObject({ watchLagP50Ms: 200 })
})

test('a watcher that is late only after a fault lags', () => {
  const { measures } = lagOf({ lateMs: [0, 200], isLateAfterFault: true })
  expect(measures).toMatchObject({ watchLagP50Ms: 200 })
})

test('a follower that shows its changes as late as its watcher receives them does not lag', () => {
  expect(lagOf({ lateMs: [0, 150], appliedLateMs: 150 }).measures).toMatchObject({
    watchLagP50Ms: 0,
  })
})

test('events that come before the acknowledgement do not lag', () => {
  expect(lagOf({ lateMs: [-5, -2] }).measures).toMatchObject({ watchLagP50Ms: 0 })
})

test('a watcher replays what was before its stream, which is no lag', () => {
  expect(lagOf({ lateMs: [1, 900], openedMs: 400 }).measures.watchLagP50Ms).toBe(1)
  expect(lagOf({ lateMs: [1, 900], watcher: 'm2-late-1' }).measures.watchLagP50Ms).toBe(1)
})

test('on a busy machine late events prove nothing', () => {
  expect(lagOf({ lateMs: [0, 200], sentLateMs: 150 }).bounds.watchLagP50Ms).toMatchObject({
    least: 0,
    most: 200,
  })
})

test('one event of ten that comes 300 ms late is late, though the median is short', () => {
  const lateness = { lateMs: [0, 300], lateOf: 10 } as const
  expect(lagOf(lateness).measures).toEqual({ watchLagP50Ms: 0, lateEventsPercent: 2.5 })
  const late = lagOf({ ...lateness, watcher: 'm2-late-1' })
  expect(late.measures).toEqual({ watchLagP50Ms: 0, lateEventsPercent: 2.5 })
})

test('an event is not late while this machine is, nor less than three long waits later', () => {
  const lateness = { lateMs: [0, 300], lateOf: 10 } as const
  expect(lagOf({ ...lateness, sentLateMs: 60 }).measures.lateEventsPercent).toBe(0)
  expect(lagOf({ ...lateness, lateMs: [0, 290] }).measures.lateEventsPercent).toBe(0)
})
