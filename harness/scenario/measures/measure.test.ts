import { expect, test } from 'vitest'
import type { CheckInput, Verdict } from '../../checkers/checker.ts'
import { faultWindows } from '../../history/fault-windows.ts'
import type { HistoryEvent } from '../../history/operations.ts'
import { clusterSpec } from '../../topology/presets.ts'
import { totalRatePerS, type WorkloadSpec } from '../../workload/workload.ts'
import { attemptsOf } from './attempts.ts'
import { type DrillObservations, measure, snapshotsInstalled } from './measure.ts'
import { checkServedRate } from './pace.ts'
import { phasesOf } from './phases.ts'
import { timersOf } from './timers.ts'

const ms = 1_000_000
const durable: Verdict = {
  checker: 'durability',
  factsJudged: 1,
  verdict: 'valid',
  evidence: { acknowledgedLost: 0 },
}

/** A put every 10 ms, answered after 1 ms, but for those sent from 500 to 700 ms. */
function inputOf(faulty: boolean): CheckInput {
  const events: HistoryEvent[] = []
  for (let sent = 0; sent < 1_000; sent += 10) {
    const isOut = faulty && sent >= 500 && sent < 700
    if (faulty && sent === 500) events.push(fault('begin', sent))
    if (faulty && sent === 800) events.push(fault('end', sent))
    const operation = { process: sent, f: 'put', key: 'k' }
    events.push({ ...operation, type: 'invoke', timeNs: sent * ms })
    events.push({ ...operation, type: isOut ? 'info' : 'ok', timeNs: (sent + 1) * ms })
  }
  const history = { header: { format: 'gauntlet-history/1', model: 'etcd' } as const, events }
  return { history, final: { members: [] } }
}

const observed = { measures: { recoveryMs: 12 }, lowerBounds: {}, elections: 1 }
const timers = timersOf({ spec: clusterSpec({ version: '3.5.16' }) })

function measureOf(input: CheckInput, seen: DrillObservations = observed, verdicts = [durable]) {
  const windows = faultWindows(input.history.events)
  const phases = phasesOf(windows, [{ kind: 'steady', timeNs: 0 }])
  const attempts = attemptsOf(input.history)
  const rest = { startedAtMs: 0, stalls: [], timers, endsElsewhere: false }
  const drill = { attempts, leaseAttempts: [], windows, phases, ...rest }
  return measure(input, drill, seen, verdicts)
}

const measuresOf = (input: CheckInput, verdicts?: Verdict[]) =>
  measureOf(input, observed, verdicts).measures

function fault(phase: 'begin' | 'end', atMs: number): HistoryEvent {
  return { type: 'fault', name: 'kill', phase, targets: ['m1'], timeNs: atMs * ms }
}

test('requests that were skipped or sent late are measures, where the workload says so', () => {
  const workload = { sent: 90, skipped: 10, peakOpen: 4, worstLatenessMs: 12.345 }
  const { measures } = measureOf(inputOf(false), { ...observed, workload })
  expect(measures).toMatchObject({ skippedRequests: 10, worstLatenessMs: 12.3 })
  expect(measuresOf(inputOf(false))).not.toHaveProperty('skippedRequests')
})

test('an outage is measured from the first request that failed to the first that succeeded', () => {
  const { measures, marks, bounds } = measureOf(inputOf(true))
  expect(measures).toMatchObject({
    writeOutageMs: 191,
    unknownOutcomes: 20,
    operations: 100,
    termsTried: 1,
    acknowledgedLost: 0,
    recoveryMs: 12,
  })
  // The last request that failed was answered at 691 ms, the next one was served at 701 ms.
  expect(bounds.writeOutageMs).toMatchObject({ least: 191, most: 210 })
  expect(marks.map(({ kind }) => kind)).toEqual(['outage-begin', 'outage-end'])
})

/** A put every 10 ms at two doors in turn; every third waits in vain from 500 to 1,500 ms, or every one. */
function measureBalanced(failing: 'a third' | 'all', isBalanced = true) {
  const events: HistoryEvent[] = []
  for (let sent = 0; sent < 2_500; sent += 10) {
    if (sent === 500) events.push(fault('begin', sent))
    if (sent === 1_500) events.push(fault('end', sent))
    const isOut = sent >= 500 && sent < 1_500 && (failing === 'all' || (sent / 10) % 3 === 0)
    const at = { process: sent, f: 'put', key: 'k', door: (sent / 10) % 2 === 0 ? 'd1' : 'd2' }
    events.push({ ...at, type: 'invoke', timeNs: sent * ms })
    events.push({ ...at, type: isOut ? 'info' : 'ok', timeNs: (sent + 9) * ms })
  }
  const windows = faultWindows(events)
  const history = { header: { format: 'gauntlet-history/1', model: 'etcd' } as const, events }
  const phases = phasesOf(windows, [{ kind: 'steady', timeNs: 0 }])
  const rest = { startedAtMs: 0, stalls: [], timers, endsElsewhere: false, isBalanced }
  const drill = { attempts: attemptsOf(history), leaseAttempts: [], windows, phases, ...rest }
  return measure({ history, final: { members: [] } }, drill, observed, [durable]).measures
}

test('where a door shares out requests, a share that waits in vain is an outage, and no silence', () => {
  const partly = measureBalanced('a third')
  expect(partly.writeOutageMs).toBeGreaterThan(900)
  expect(partly.noWriteServedMs).toBeLessThan(30)
  const wholly = measureBalanced('all')
  expect(wholly.writeOutageMs).toBeGreaterThan(900)
  expect(wholly.noWriteServedMs).toBeGreaterThan(900)
  expect(measureBalanced('all', false)).not.toHaveProperty('noWriteServedMs')
})

test('an outage of requests that no client sent is not measured', () => {
  expect(measuresOf(inputOf(true)).readOutageMs).toBeNull()
})

test('lost writes are unknown when no member was read at the end, or durability was not judged', () => {
  const { history } = inputOf(true)
  expect(measuresOf({ history }).acknowledgedLost).toBeNull()
  expect(measuresOf(inputOf(true), []).acknowledgedLost).toBeNull()
})

test('a low rate before the fault makes the scenario inconclusive', () => {
  const measures = measuresOf(inputOf(true))
  expect(checkServedRate(100, measures)).toEqual([])
  expect(checkServedRate(500, measures)[0]?.outcome).toBe('inconclusive')
})

test('the rate before the fault leaves out the seconds that clients take to connect', () => {
  const input = inputOf(true)
  const events = input.history.events as HistoryEvent[]
  const moved = events.map((event) => ({ ...event, timeNs: event.timeNs + 9_500 * ms }))
  const early = { process: 9_000, f: 'put', key: 'k' }
  events.splice(
    0,
    events.length,
    { ...early, type: 'invoke', timeNs: 0 },
    { ...early, type: 'info', timeNs: 1_000 * ms },
    ...(moved as HistoryEvent[]),
  )
  // 50 answers in the last two of ten seconds.
  expect(measuresOf(input).ratePerS).toBe(25)
})

test('the planned rate includes the programs', () => {
  const programs = [{ name: 'bank', ratePerS: 400, clients: 3 }]
  const planned = totalRatePerS({ ratePerS: 100, programs } as unknown as WorkloadSpec)
  const [failure] = checkServedRate(planned, measuresOf(inputOf(true)))
  expect(failure?.reason).toMatch(/100 of 500 operations\/s/)
})

test('the expiry of a lease is no request', () => {
  const input = inputOf(true)
  const { events } = input.history
  const whole = measuresOf(inputOf(true))
  const may = { type: 'invoke', process: 9_000, f: 'txn', timeNs: 999 * ms, expiryOf: '7' } as const
  const others = events as HistoryEvent[]
  others.push(may, { ...may, process: 9_001 })
  expect(measuresOf(input)).toEqual(whole)
})

test.each([
  '{"level":"info","msg":"applied snapshot","current-snapshot-index":4,"incoming-leader-snapshot-index":9}',
  '2024-01-01T00:00:00.000Z\tINFO\tetcdserver/server.go:1\tapplied snapshot\t{"index": 9}',
  '2024-01-01 00:00:00.000000 I | etcdserver: finished applying incoming snapshot at index 9',
])('a member that wrote `%s` was sent a snapshot', (line) => {
  const other = '{"level":"info","msg":"applied incoming Raft snapshot","snapshot-index":9}'
  expect(snapshotsInstalled({ m1: [other, line], m2: ['up', line] })).toBe(2)
})
